/** What is made, loaded and freed: engines and pixel decoders. */
interface Disposable {
  dispose(): Promise<void>;
}

/** Holds at most one value, made for a key; a value for another key takes its place. */
export interface Holder<T extends Disposable> {
  /** The value of a key, made where another was held, and perhaps not loaded. */
  readonly hold: (key: string, create: () => T) => T;
  /** The value of a key, loaded once. What fails to load is freed, so that the next request begins anew. */
  readonly load: (key: string, create: () => T, load: (value: T) => Promise<unknown>) => Promise<T>;
  /** Frees what is held. */
  readonly drop: () => void;
}

export const createHolder = <T extends Disposable>(): Holder<T> => {
  let held: { readonly key: string; readonly value: T; ready: Promise<unknown> | null } | null = null;

  const drop = (): void => {
    void held?.value.dispose().catch(() => undefined);
    held = null;
  };
  const hold = (key: string, create: () => T): NonNullable<typeof held> => {
    if (held?.key !== key) {
      drop();
      held = { key, value: create(), ready: null };
    }
    return held;
  };

  return {
    hold: (key, create) => hold(key, create).value,

    async load(key, create, load) {
      const holding = hold(key, create);
      try {
        await (holding.ready ??= load(holding.value));
      } catch (error) {
        if (held === holding) drop();
        throw error;
      }
      return holding.value;
    },

    drop,
  };
};
