/** How a drawing is cut into chunks. Fixed before it begins, so that no result can depend on timing. */
export interface Schedule {
  /** Steps of each chunk; together those of an image. */
  readonly lengths: readonly number[];
  /** Chunks under way at once: while the oldest is waited for, the next is being enqueued. */
  readonly inFlight: number;
  /** Nothing is enqueued behind the first chunk before it is there, so that it comes soon. */
  readonly firstAlone?: boolean;
}

/** A short first chunk, so that the first tokens come soon, then equal ones. */
export function chunkLengths(steps: number, first: number, rest: number): number[] {
  const lengths: number[] = [];
  for (let done = 0; done < steps; done += lengths.at(-1) ?? 0)
    lengths.push(Math.min(done === 0 ? first : rest, steps - done));
  return lengths;
}

/**
 * Lengths of the chunks where reading a chunk's numbers back costs something: as many as there are rows, and about as
 * long, but for a short first one. Each but that one completes a row.
 */
export function rowLengths(steps: number, columns: number, first: number): number[] {
  const begin = Math.min(first, steps);
  const others = Math.max(Math.ceil(steps / columns) - 1, steps > begin ? 1 : 0);
  const until = (chunk: number) => begin + Math.ceil(((steps - begin) * chunk) / others);
  return [begin, ...Array.from({ length: others }, (_, chunk) => until(chunk + 1) - until(chunk))];
}

/** Rows of the image, the first of them in two parts, so that the first tokens come soon. */
export function wholeRowLengths(steps: number, columns: number, first: number): number[] {
  const lengths: number[] = [];
  for (let done = 0; done < steps; done += lengths.at(-1) ?? 0)
    lengths.push(Math.min(steps - done, done === 0 ? first : done < columns ? columns - done : columns));
  return lengths;
}
