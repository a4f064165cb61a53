import type { TOP_COUNT } from '@/lib/domain';

export const TOP_ENTRIES: typeof TOP_COUNT = 8;

export const LIMITS = {
  rows: 64,
  columns: 64,
  codes: 65_536,
  promptBytes: 262_144,
  nameCharacters: 120,
  lanes: 255,
} as const;
