import type { Grid } from '@/lib/domain';

/** A corner between cells: column and row lines, counted from 0. */
export type Corner = readonly [x: number, y: number];

const keyOf = ([x, y]: Corner): string => `${x} ${y}`;

/** Outlines of a cell, clockwise, with the neighbour beyond each. */
const SIDES = [
  { from: [0, 0], to: [1, 0], beyond: [0, -1] },
  { from: [1, 0], to: [1, 1], beyond: [1, 0] },
  { from: [1, 1], to: [0, 1], beyond: [0, 1] },
  { from: [0, 1], to: [0, 0], beyond: [-1, 0] },
] as const;

interface Edge {
  readonly from: Corner;
  readonly to: Corner;
}

const boundary = (isIn: (column: number, row: number) => boolean, { rows, columns }: Grid): Edge[] => {
  const edges: Edge[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (isIn(column, row))
        for (const { from, to, beyond } of SIDES)
          if (!isIn(column + beyond[0], row + beyond[1]))
            edges.push({ from: [column + from[0], row + from[1]], to: [column + to[0], row + to[1]] });
  return edges;
};

/** Above 0 for a turn to the right, where y points down. */
const turn = ({ from, to }: Edge, next: Edge): number =>
  (to[0] - from[0]) * (next.to[1] - next.from[1]) - (to[1] - from[1]) * (next.to[0] - next.from[0]);

/**
 * One closed line around each region of cells that touch by a side, and one around each hole in it; corners only where the line turns.
 * Cells that touch by a corner are regions of their own.
 */
export const contours = (cells: Iterable<number>, grid: Grid): readonly (readonly Corner[])[] => {
  const { rows, columns } = grid;
  const set = new Set(cells);
  const isIn = (column: number, row: number): boolean =>
    column >= 0 && column < columns && row >= 0 && row < rows && set.has(row * columns + column);
  const leaving = new Map<string, Edge[]>();
  for (const edge of boundary(isIn, grid))
    leaving.set(keyOf(edge.from), [...(leaving.get(keyOf(edge.from)) ?? []), edge]);
  const lines: Corner[][] = [];
  for (const first of [...leaving.values()].flat()) {
    const line: Corner[] = [];
    let edge: Edge | undefined = first;
    while (edge !== undefined) {
      const here: Edge = edge;
      const choices: Edge[] = leaving.get(keyOf(here.from)) ?? [];
      if (!choices.includes(here)) break;
      leaving.set(
        keyOf(here.from),
        choices.filter((other) => other !== here),
      );
      // Where two regions meet in a corner, the line keeps to its own.
      const next: Edge | undefined = [...(leaving.get(keyOf(here.to)) ?? [])].sort(
        (x, y) => turn(here, y) - turn(here, x),
      )[0];
      if (turn(here, next ?? first) !== 0) line.push(here.to);
      edge = next;
    }
    if (line.length > 0) lines.push(line);
  }
  return lines;
};
