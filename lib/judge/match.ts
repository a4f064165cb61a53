import type { Claim, Group } from './claims';
import type { JudgeLabels } from './labels';

/**
 * The graph's answer for one picture: logits by head, [classes, rows, columns] each, and of the background.
 *
 * All numbers below are doubles, and the Python judge does the same operations in the same order.
 */
export interface Seen {
  readonly heads: ReadonlyMap<string, Float32Array>;
  readonly background: ArrayLike<number>;
}

/** A cell that may be the top left one of a sprite or sign, with the probabilities that it is nothing, intact, or broken. */
interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly nothing: number;
  readonly sprite: number;
  readonly sign: number;
  readonly broken: number;
  readonly columns: number;
  readonly rows: number;
}

/** Cuts the graph's `cells` [channels, rows, columns] into heads. */
export function seenOf(labels: JudgeLabels, cells: Float32Array, background: ArrayLike<number>): Seen {
  const area = labels.grid.rows * labels.grid.columns;
  const heads = new Map<string, Float32Array>();
  let at = 0;
  for (const [name, classes] of Object.entries(labels.heads)) {
    heads.set(name, cells.subarray(at * area, (at + classes) * area));
    at += classes;
  }
  return { heads, background };
}

/** Probabilities, summed in order. */
export function softmax(logits: ArrayLike<number>): number[] {
  let top = -Infinity;
  for (let i = 0; i < logits.length; i++) top = Math.max(top, logits[i] ?? -Infinity);
  const powers = Array.from(logits, (value) => Math.exp(value - top));
  let total = 0;
  for (const value of powers) total += value;
  return powers.map((value) => value / total);
}

const firstLargest = (values: readonly number[]) => values.indexOf(Math.max(...values));

const overlap = (a: Candidate, b: Candidate) =>
  a.x < b.x + b.columns && b.x < a.x + a.columns && a.y < b.y + b.rows && b.y < a.y + a.rows;

/** Is `a` <relation> `b`: clearly, and mostly along the relation's axis. */
function related(relation: string, a: Candidate, b: Candidate): boolean {
  const dx = b.x + b.columns / 2 - (a.x + a.columns / 2);
  const dy = b.y + b.rows - b.columns / 2 - (a.y + a.rows - a.columns / 2); // the rows of a hat do not count
  const sideways = relation === 'left' || relation === 'right';
  const along = (sideways ? dx : dy) * (relation === 'right' || relation === 'below' ? -1 : 1);
  return along >= 3 && along > 1.5 * Math.abs(sideways ? dy : dx);
}

/** Compares what the graph sees with what a caption claims. */
export class Matcher {
  constructor(private readonly labels: JudgeLabels) {}

  /**
   * P(yes): this picture shows exactly what is claimed, whole, and nothing else.
   *
   * The graph gives every cell independent probabilities; two intact pieces cannot overlap, so the joint distribution over sets of
   * pieces is that product, restricted to sets without overlap and normalised again.
   */
  probability(seen: Seen, claim: Claim): number {
    const { labels } = this;
    const background = softmax(seen.background)[this.#background(claim)] ?? 0;
    const isSign = claim.text !== null;
    const wanted = isSign ? 1 : claim.groups.reduce((sum, group) => sum + group.count, 0);
    const all = this.#candidates(seen);
    if (wanted > all.length || background <= 0) return 0;
    // The unlikely candidates beyond the limit are nothing, for sure or nearly so.
    const sure = all.slice(labels.matching.maxCandidates).reduce((product, c) => product * c.nothing, 1);
    const candidates = all.slice(0, labels.matching.maxCandidates);
    const junk = Array.from(seen.heads.get('junk') ?? [], (value) => 1 / (1 + Math.exp(-value)));
    const fits = candidates.map((c) =>
      isSign ? [this.#says(seen, c, claim)] : claim.groups.map((group) => this.#is(seen, c, group, claim.style)),
    );

    let total = 0;
    let yes = 0;
    const pieces: Candidate[] = [];
    const fit: number[][] = [];
    /** Chooses among the candidates from `index` on; weights of exactly these being intact, and of the rest being nothing. */
    const visit = (index: number, here: number, alone: number): void => {
      const c = candidates[index];
      if (!c) {
        total += here;
        if (pieces.length !== wanted || alone <= 0) return;
        const p = isSign ? (fit[0]?.[0] ?? 0) : assigned(claim, pieces, fit);
        if (p > 0) yes += alone * p * (1 - this.#worstJunk(junk, pieces));
        return;
      }
      visit(index + 1, here * (c.nothing + c.broken), alone * c.nothing);
      if (pieces.some((other) => overlap(c, other))) return;
      pieces.push(c);
      fit.push(fits[index] ?? []);
      visit(index + 1, here * (c.sprite + c.sign), alone * (isSign ? c.sign : c.sprite));
      pieces.pop();
      fit.pop();
    };
    visit(0, 1, 1);
    return total > 0 ? (background * sure * yes) / total : 0;
  }

  #background({ style, place }: Claim): number {
    // Line drawings stand on the same white paper as the plain style.
    const paper = style === 'line' && place === null ? '3d' : style;
    return this.labels.labels.background.findIndex((one) => one.style === paper && one.place === place);
  }

  #at(seen: Seen, head: string, x: number, y: number): number[] {
    const { rows, columns } = this.labels.grid;
    const area = rows * columns;
    const logits = seen.heads.get(head) ?? new Float32Array();
    return softmax(Array.from({ length: logits.length / area }, (_, i) => logits[i * area + y * columns + x] ?? 0));
  }

  /** Likeliest first; equal ones in raster order. */
  #candidates(seen: Seen): Candidate[] {
    const { grid, labels, accessoryRows, sign: board, matching } = this.labels;
    const found: Candidate[] = [];
    for (let y = 0; y < grid.rows; y++) {
      for (let x = 0; x < grid.columns; x++) {
        const [nothing = 0, sprite = 0, brokenSprite = 0, sign = 0, brokenSign = 0] = this.#at(seen, 'kind', x, y);
        if (1 - nothing < matching.epsilon) continue;
        let columns: number;
        let rows: number;
        if (sprite >= sign) {
          columns = labels.size[firstLargest(this.#at(seen, 'size', x, y))] ?? 0;
          rows = columns + (firstLargest(this.#at(seen, 'accessory', x, y)) > 0 ? accessoryRows : 0);
        } else {
          columns = board.letterCells * (firstLargest(this.#at(seen, 'letters', x, y)) + 1) + 2;
          rows = board.rows;
        }
        found.push({ x, y, nothing, sprite, sign, broken: brokenSprite + brokenSign, columns, rows });
      }
    }
    return found.sort((a, b) => a.nothing - b.nothing);
  }

  /** P(an intact sprite there is one of the group). */
  #is(seen: Seen, { x, y }: Candidate, group: Group, style: string): number {
    const { labels, sizes } = this.labels;
    const of = (head: string, index: number) => this.#at(seen, head, x, y)[index] ?? 0;
    let p = of('object', labels.object.indexOf(group.name));
    if (group.colour !== null) p *= of('colour', labels.colour.indexOf(group.colour));
    if (group.size !== null) p *= of('size', labels.size.indexOf(group.size === 'big' ? sizes.big : sizes.small));
    p *= of('pattern', labels.pattern.indexOf(group.pattern));
    p *= of('accessory', labels.accessory.indexOf(group.accessory));
    return p * of('style', labels.style.indexOf(style));
  }

  /** P(an intact sign there is the claimed one). */
  #says(seen: Seen, { x, y }: Candidate, claim: Claim): number {
    const { labels, grid, sign } = this.labels;
    const text = claim.text ?? '';
    if (x + sign.letterCells * text.length >= grid.columns || y + 1 >= grid.rows) return 0;
    let p = this.#at(seen, 'letters', x, y)[text.length - 1] ?? 0;
    if (claim.signColour !== null) p *= this.#at(seen, 'board', x, y)[labels.board.indexOf(claim.signColour)] ?? 0;
    [...text].forEach((letter, index) => {
      p *= this.#at(seen, 'glyph', x + 1 + sign.letterCells * index, y + 1)[labels.glyph.indexOf(letter)] ?? 0;
    });
    return p;
  }

  /** Largest P(junk) of a cell that none of the pieces covers. */
  #worstJunk(junk: readonly number[], pieces: readonly Candidate[]): number {
    const { columns } = this.labels.grid;
    let worst = 0;
    junk.forEach((value, cell) => {
      const x = cell % columns;
      const y = Math.floor(cell / columns);
      const covered = (p: Candidate) => p.x <= x && x < p.x + p.columns && p.y <= y && y < p.y + p.rows;
      if (value > worst && !pieces.some(covered)) worst = value;
    });
    return worst;
  }
}

/** Best way of giving every piece to a group, filling all groups: the product of its fits [piece][group]. */
function assigned(claim: Claim, pieces: readonly Candidate[], fits: readonly (readonly number[])[]): number {
  const room = claim.groups.map((group) => group.count);
  const given: number[] = [];
  const holds = () =>
    claim.relations.every(([first, relation, second]) =>
      pieces.every((a, i) =>
        pieces.every((b, j) => given[i] !== first || given[j] !== second || related(relation, a, b)),
      ),
    );
  const best = (index: number, p: number): number => {
    if (p <= 0) return 0;
    if (index === pieces.length) return holds() ? p : 0;
    let top = 0;
    room.forEach((free, group) => {
      if (free === 0) return;
      room[group] = free - 1;
      given.push(group);
      top = Math.max(top, best(index + 1, p * (fits[index]?.[group] ?? 0)));
      given.pop();
      room[group] = free;
    });
    return top;
  };
  return best(0, 1);
}
