/** What a graph holds that cannot be put into another one. */
export class Unfusable extends Error {
  override readonly name = 'Unfusable';
}
