import { EngineError, ModelError, throwIfAborted, toEngineError } from '@/lib/domain';
import {
  type CaptionScores,
  EmbeddedJudge,
  type JudgeLabels,
  type Judgement,
  type JudgeRequest,
  parseJudgeLabels,
  type PictureJudge,
} from '@/lib/judge';
import { type FileSource, type FileStore, type JudgeManifest, type ModelLocation, openJudge } from '@/lib/models';
import { openSession } from '../decode/ort/open-session';
import type { Session } from '../decode/ort/types';
import type { Runtime } from '../runtime/runtime';

interface Loaded {
  readonly manifest: JudgeManifest;
  readonly labels: JudgeLabels;
  readonly session: Session;
  readonly judge: EmbeddedJudge;
}

const keyOf = (location: ModelLocation): string => {
  switch (location.kind) {
    case 'url':
      return location.url;
    case 'directory':
      return location.path;
    case 'files':
      return location.name;
  }
};

/** A judge in the thread it is called from, loaded when first asked and kept until another one is. Requests follow one another. */
export class LocalJudge implements PictureJudge {
  #held: { readonly key: string; readonly loaded: Loaded } | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(
    private readonly runtime: Pick<Runtime, 'prepare'>,
    private readonly options: {
      readonly sourceOf: (location: ModelLocation) => FileSource;
      readonly store?: FileStore;
    },
  ) {}

  judge(request: JudgeRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Judgement> {
    const work = this.#turn.then(() =>
      this.#judge(request, signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal),
    );
    this.#turn = work.catch(() => undefined);
    return work;
  }

  async #judge({ judge: location, pictures, captions }: JudgeRequest, signal: AbortSignal): Promise<Judgement> {
    try {
      const { manifest, labels, judge } = await this.#ensure(location, signal);
      const cells = labels.grid.rows * labels.grid.columns;
      for (const tokens of pictures) {
        const readable = tokens.length === cells && tokens.every((token) => token >= 0 && token < labels.codes);
        if (!readable)
          throw new EngineError('bad-request', { problem: 'The judge reads finished pictures of its own model only.' });
      }
      const judged: CaptionScores[] = [];
      for (const caption of captions) {
        const reading = judge.read(caption);
        if ('unreadable' in reading) {
          judged.push(reading);
          continue;
        }
        const scores: number[] = [];
        for (const tokens of pictures) {
          throwIfAborted(signal);
          scores.push(await judge.score(tokens, reading.claim));
        }
        judged.push({ scores });
      }
      return { title: manifest.title, version: judge.version, captions: judged };
    } catch (error) {
      if (this.#stop.signal.aborted) throw new EngineError('disposed');
      throw toEngineError(error);
    }
  }

  async #ensure(location: ModelLocation, signal: AbortSignal): Promise<Loaded> {
    throwIfAborted(signal);
    const key = keyOf(location);
    if (this.#held?.key === key) return this.#held.loaded;
    const { store, sourceOf } = this.options;
    const files = await openJudge(sourceOf(location), { ...(store && { store }), signal });
    const [ort, graph, labels] = await Promise.all([
      this.runtime.prepare({ signal, onBytes: () => undefined }),
      files.read('graph', { signal }),
      files.read('labels', { signal }).then(parseJudgeLabels),
    ]);
    const { manifest } = files;
    if (labels.graph.sha256 !== manifest.files.graph.sha256 || labels.codes !== manifest.codebook.codes) {
      throw new ModelError('model-damaged', { file: manifest.files.labels.path, detail: 'it describes another judge' });
    }
    throwIfAborted(signal);
    const session = await openSession(manifest.files.graph.path, graph.length, () =>
      ort.InferenceSession.create(graph, { executionProviders: ['wasm'] }),
    );
    await this.#held?.loaded.session.release();
    const loaded: Loaded = { manifest, labels, session, judge: new EmbeddedJudge(ort, session, labels) };
    this.#held = { key, loaded };
    return loaded;
  }

  async dispose(): Promise<void> {
    this.#stop.abort();
    await this.#turn;
    const held = this.#held;
    this.#held = null;
    await held?.loaded.session.release();
  }
}
