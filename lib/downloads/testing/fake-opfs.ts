/** The origin-private file system as far as downloads use it, with a quota, and crashes that lose what was not flushed. */
export class FakeOpfs {
  readonly files = new Map<string, FakeFile>();
  /** Bytes that fit in all. */
  quota = Infinity;

  readonly root = (): Promise<FileSystemDirectoryHandle> =>
    Promise.resolve({
      getDirectoryHandle: () => Promise.resolve(this.#folder),
    } as unknown as FileSystemDirectoryHandle);

  get usedBytes(): number {
    return [...this.files.values()].reduce((sum, { data }) => sum + data.length, 0);
  }

  /** Ends every writer; each file keeps what was flushed and `share` (0..1) of the rest. */
  crash(share: number): void {
    for (const file of this.files.values()) {
      file.data = file.data.slice(0, file.flushed + Math.floor((file.data.length - file.flushed) * share));
      file.flushed = file.data.length;
      file.generation++;
      file.isOpen = false;
    }
  }

  readonly #folder = {
    getFileHandle: (name: string, options?: { create?: boolean }) => {
      let file = this.files.get(name);
      if (!file) {
        if (!options?.create) return Promise.reject(new DOMException('No such file.', 'NotFoundError'));
        file = new FakeFile(this);
        this.files.set(name, file);
      }
      return Promise.resolve(file);
    },
    removeEntry: (name: string) =>
      this.files.delete(name) ? Promise.resolve() : Promise.reject(new DOMException('No such file.', 'NotFoundError')),
    entries: () => this.files.entries(),
  };
}

class FakeFile {
  readonly kind = 'file';
  data = new Uint8Array(0);
  flushed = 0;
  isOpen = false;
  /** Grows with each crash, so that handles of before no longer write. */
  generation = 0;

  constructor(private readonly system: FakeOpfs) {}

  getFile(): Promise<Blob> {
    return Promise.resolve(new Blob([this.data]));
  }

  createSyncAccessHandle() {
    if (this.isOpen) return Promise.reject(new DOMException('It is open already.', 'NoModificationAllowedError'));
    this.isOpen = true;
    const generation = this.generation;
    const alive = () => {
      if (generation !== this.generation || !this.isOpen) throw new DOMException('It is closed.', 'InvalidStateError');
    };
    return Promise.resolve({
      getSize: () => this.data.length,
      write: (piece: Uint8Array, { at }: { at: number }) => {
        alive();
        const room = this.system.quota - this.system.usedBytes;
        const grows = at + piece.length - this.data.length;
        if (grows > room) {
          // As a browser may: a part is written, then it fails.
          this.#put(piece.subarray(0, Math.max(0, piece.length - (grows - Math.max(0, room)))), at);
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        }
        this.#put(piece, at);
        return piece.length;
      },
      truncate: (length: number) => {
        alive();
        this.data = this.data.slice(0, length);
        this.flushed = Math.min(this.flushed, length);
      },
      flush: () => {
        alive();
        this.flushed = this.data.length;
      },
      close: () => {
        if (generation === this.generation) this.isOpen = false;
      },
    });
  }

  #put(piece: Uint8Array, at: number): void {
    const data = new Uint8Array(Math.max(this.data.length, at + piece.length));
    data.set(this.data);
    data.set(piece, at);
    this.data = data;
  }
}
