import type { LoadProgress } from './engine';

type Phase = LoadProgress['phase'];

/** Adds up the bytes of several files into one progress report. */
export class ProgressSum {
  readonly #loaded = new Map<string, number>();
  #fromStorage = false;
  totalBytes = 0;

  constructor(private readonly report: ((progress: LoadProgress) => void) | undefined) {}

  update(item: string, loadedBytes: number, phase: Phase, fromStorage = false): void {
    this.#loaded.set(item, loadedBytes);
    this.#fromStorage = fromStorage;
    this.emit(phase);
  }

  emit(phase: Phase): void {
    let loadedBytes = 0;
    for (const bytes of this.#loaded.values()) loadedBytes += bytes;
    this.report?.({ phase, loadedBytes, totalBytes: this.totalBytes, fromStorage: this.#fromStorage });
  }
}
