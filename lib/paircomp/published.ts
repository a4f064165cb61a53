/** One row of the authors' table: percent, as printed. */
export interface PublishedRow {
  readonly model: string;
  readonly sa: number;
  readonly sg: number;
}

/** Who judged the published pictures; scores of another judge are not comparable number by number. */
export const PUBLISHED_JUDGE = 'InternVL2.5-26B';

export const PUBLISHED_SOURCE = 'arXiv 2506.05501';

/** The authors' averages over the six categories, in their order. */
export const PUBLISHED: readonly PublishedRow[] = [
  { model: 'Janus-FocusDiff-7B', sa: 85.0, sg: 83.5 },
  { model: 'SD3-Medium', sa: 84.4, sg: 81.4 },
  { model: 'Sana-1.5', sa: 83.2, sg: 80.0 },
  { model: 'T2I-R1', sa: 82.4, sg: 79.3 },
  { model: 'Janus-Pro-R1', sa: 82.0, sg: 79.2 },
  { model: 'FLUX.1-dev', sa: 80.3, sg: 75.7 },
  { model: 'BLIP3-o', sa: 79.3, sg: 75.5 },
  { model: 'Infinity-8B', sa: 77.0, sg: 72.7 },
  { model: 'SEED-X', sa: 74.8, sg: 71.5 },
  { model: 'Janus-Pro-7B', sa: 75.5, sg: 70.4 },
  { model: 'Janus-FocusDiff-1B', sa: 71.0, sg: 68.1 },
  { model: 'Emu3', sa: 68.5, sg: 63.2 },
  { model: 'PixArt-alpha', sa: 67.5, sg: 62.7 },
  { model: 'Janus-Pro-1B', sa: 64.6, sg: 59.2 },
  { model: 'Show-o', sa: 63.6, sg: 59.1 },
  { model: 'VILA-U', sa: 62.9, sg: 58.0 },
  { model: 'JanusFlow', sa: 55.5, sg: 49.0 },
  { model: 'VARGPTv1.1', sa: 53.6, sg: 48.3 },
  { model: 'LlamaGen', sa: 49.1, sg: 42.3 },
];

/** What to know about the published numbers before comparing anything with them. */
export const PUBLISHED_NOTE = `Published by the authors, judged by ${PUBLISHED_JUDGE}. Their public file has 550 pairs, while its README speaks of 924; which of them these numbers are of is not said.`;
