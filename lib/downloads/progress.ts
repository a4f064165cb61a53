import type { ListedFile } from './listing';

/** What happens to one file. `elsewhere`: another tab is downloading it; `waiting`: the next try is later. */
export type FilePhase = 'queued' | 'checking' | 'elsewhere' | 'downloading' | 'waiting' | 'done';

export interface FileProgress {
  readonly path: string;
  readonly bytes: number;
  /** Decoded bytes that are here, those from earlier included. */
  readonly receivedBytes: number;
  readonly phase: FilePhase;
}

export interface DownloadProgress {
  readonly files: readonly FileProgress[];
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Over the network, in the last seconds; null until there is something to measure. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** False once a file is kept in memory only. */
  readonly lasting: boolean;
}

/** The rate is of so long. */
const WINDOW_MS = 6_000;
/** Shorter than this says nothing about the rate. */
const LEAST_MS = 800;
const REPORT_MS = 100;

/** Adds up what happens to several files at once, and tells it at most ten times a second. */
export class ProgressMeter {
  readonly #files: Map<string, FileProgress>;
  #arrivals: { readonly atMs: number; readonly bytes: number }[] = [];
  #lasting = true;
  #hasArrived = false;
  #reportedMs = -Infinity;

  constructor(
    files: readonly ListedFile[],
    private readonly report: ((progress: DownloadProgress) => void) | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#files = new Map(files.map(({ path, bytes }) => [path, { path, bytes, receivedBytes: 0, phase: 'queued' }]));
  }

  set(path: string, change: Partial<Pick<FileProgress, 'receivedBytes' | 'phase'>>): void {
    const file = this.#files.get(path);
    if (!file) return;
    const next = { ...file, ...change };
    this.#files.set(path, next);
    if (next.phase !== file.phase) this.#tell();
    else this.#tellSoon();
  }

  /** Bytes came over the network. */
  arrived(bytes: number): void {
    this.#hasArrived ||= bytes > 0;
    const atMs = this.now();
    this.#arrivals.push({ atMs, bytes });
    if (this.#arrivals.length > 2000) this.#forgetOld(atMs);
  }

  /** Whether anything came over the network so far. */
  get hasArrived(): boolean {
    return this.#hasArrived;
  }

  notLasting(): void {
    this.#lasting = false;
    this.#tell();
  }

  get progress(): DownloadProgress {
    const files = [...this.#files.values()];
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const receivedBytes = files.reduce((sum, file) => sum + file.receivedBytes, 0);
    const bytesPerSecond = this.#rate();
    return {
      files,
      receivedBytes,
      totalBytes,
      bytesPerSecond,
      secondsLeft:
        bytesPerSecond === null || bytesPerSecond === 0 ? null : (totalBytes - receivedBytes) / bytesPerSecond,
      lasting: this.#lasting,
    };
  }

  #forgetOld(nowMs: number): void {
    this.#arrivals = this.#arrivals.filter(({ atMs }) => nowMs - atMs <= WINDOW_MS);
  }

  #rate(): number | null {
    const nowMs = this.now();
    this.#forgetOld(nowMs);
    const first = this.#arrivals[0];
    if (!first || nowMs - first.atMs < LEAST_MS) return null;
    const bytes = this.#arrivals.reduce((sum, arrival) => sum + arrival.bytes, 0);
    return (bytes * 1000) / (nowMs - first.atMs);
  }

  #tellSoon(): void {
    if (this.now() - this.#reportedMs >= REPORT_MS) this.#tell();
  }

  #tell(): void {
    this.#reportedMs = this.now();
    this.report?.(this.progress);
  }
}
