/** What a progress line is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Between two lines where they cannot be written over, ms. */
const INTERVAL_MS = 10_000;

/** Says how far something is: on a terminal in one line that is written over, elsewhere in a line of its own every ten seconds. */
export class ProgressLine {
  #last: number;
  #isOpen = false;

  constructor(
    private readonly output: ProgressOutput = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#last = now();
  }

  show(text: string): void {
    if (this.output.isTTY) {
      // Erased to its end first: the text before may have been longer.
      this.output.write(`\r\u001b[K${text}`);
      this.#isOpen = true;
      return;
    }
    if (this.now() - this.#last < INTERVAL_MS) return;
    this.#last = this.now();
    this.output.write(`${text}\n`);
  }

  /** Ends the line, so that what comes next stands below it. */
  end(): void {
    if (this.#isOpen) this.output.write('\n');
    this.#isOpen = false;
  }
}
