import { EngineError, PairCompError, type SamplingSettings } from '@/lib/domain';
import { type EngineInfo, provenanceOf } from '@/lib/engine';
import type { PairCompJudge } from '@/lib/judge';
import { type LoopPorts, type Run, runLoop, type RunModel } from '@/lib/paircomp';
import type { Task } from './activity';
import { chosenPairs, type PaircompStore } from './paircomp-state';
import { planRun } from './run-form';
import type { RunPictures } from './run-pictures';
import type { CurrentModel, PaircompPorts } from './run-ports';
import { type RunRecords, withJudge } from './run-records';
import { heldAlone } from './run-tabs';

/** Draws runs and has them judged. */
export interface RunDrawing {
  /** Begins a run of the pairs at hand as the form says. */
  readonly start: Task;
  /** Draws what is missing of the run on screen, until that is done or somebody ends it. */
  readonly resume: Task;
}

interface DrawingParts {
  readonly store: PaircompStore;
  readonly ports: PaircompPorts;
  readonly records: RunRecords;
  readonly pictures: RunPictures;
}

/** Of so many latest draws the time left is reckoned. */
const TIMED_DRAWS = 8;

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const modelOf = ({ folder, title }: CurrentModel, info: EngineInfo, settings: SamplingSettings): RunModel => ({
  folder,
  title,
  name: info.modelName,
  hash: info.modelHash,
  grid: info.grid,
  codes: info.codes,
  provenance: provenanceOf(info, settings, false),
});

export const createRunDrawing = ({ store, ports, records, pictures }: DrawingParts): RunDrawing => {
  const chosenJudge = (model: CurrentModel, signal: AbortSignal): Promise<PairCompJudge | null> => {
    const { judge, endpoint, rememberEndpoint } = store.getState().form;
    switch (judge) {
      case 'own':
        return ports.ownJudge(model.folder, pictures.judging(model.folder), signal);
      case 'janus':
        return Promise.resolve(ports.janusJudge(model.folder, model.title));
      case 'endpoint':
        ports.writeEndpoint(rememberEndpoint ? endpoint : null);
        return Promise.resolve(ports.endpointJudge(endpoint));
      case 'none':
        return Promise.resolve(null);
    }
  };

  /** The model that the run draws with. @throws PairCompError where another is chosen by now */
  const modelFor = async ({ folder, model }: Run, signal: AbortSignal): Promise<CurrentModel> => {
    const current = await ports.currentModel(signal);
    if (current.folder !== folder)
      throw new PairCompError(
        `This run draws with ${model?.title ?? 'another model'} (${folder}), which is not the model in the header; choose it there and go on, or start a new run.`,
      );
    return current;
  };

  /** Counts draws, and reckons how long one takes. */
  const startClock = (): { readonly restart: () => void; readonly tick: () => void } => {
    const times: number[] = [];
    let startMs = ports.now();
    return {
      restart: () => (startMs = ports.now()),
      tick() {
        const nowMs = ports.now();
        times.push(nowMs - startMs);
        if (times.length > TIMED_DRAWS) times.shift();
        startMs = nowMs;
        store.setState(({ progress, version, results }) => ({
          version: version + 1,
          progress: { ...progress, drawn: results.draws.size, drawMs: mean(times) },
        }));
      },
    };
  };

  const draw = async (run: Run, folder: string, signal: AbortSignal, isPausing: () => boolean): Promise<void> => {
    const { results } = store.getState();
    const current = await modelFor(run, signal);
    const by = await chosenJudge(current, signal);
    const id = by && (await by.identify(signal));
    const judge = by && id ? { by, id } : null;
    let known =
      judge === null
        ? run
        : await records.change(run.id, (each) => withJudge(each, { ...judge.id, title: judge.by.title }));
    const clock = startClock();
    store.setState({ activity: 'drawing' });
    const loopPorts: LoopPorts = {
      async withEngine(use) {
        await modelFor(run, signal);
        return ports.withEngine(
          folder,
          async (engine, info) => {
            const found = modelOf(current, info, run.settings);
            if (known.model === null) known = await records.change(run.id, (each) => ({ ...each, model: found }));
            else if (known.model.hash !== found.hash)
              throw new PairCompError(
                'The model’s files have changed since this run began, so it cannot go on; start a new run.',
              );
            // Waiting for the bench is no part of the time of a draw.
            clock.restart();
            return use(engine, info);
          },
          signal,
        );
      },
      store: await records.archive(),
      isSkipped: (pair) => known.skipped.some((each) => each.pair === pair),
      async skip(pair, reason) {
        known = await records.change(run.id, (each) => ({ ...each, skipped: [...each.skipped, { pair, reason }] }));
        records.bump();
      },
      pixels: async (tokens) => {
        const [image] = await pictures.decode(folder, [tokens]);
        if (image === undefined) throw new EngineError('failed', { detail: 'the pixel decoder gave no picture' });
        return image;
      },
      onProgress: clock.tick,
      isPausing,
    };
    const { images, settings } = run;
    await runLoop({ id: run.id, pairs: chosenPairs(run), images, settings, judge, results }, loopPorts, signal);
  };

  /** Draws a run that no other tab draws. @throws PairCompError where one does */
  const goOn = (id: string, run: () => Promise<Run>, signal: AbortSignal, isPausing: () => boolean): Promise<void> =>
    heldAlone(ports.tabs, id, async () => {
      const held = await run();
      if (held.folder !== null) await draw(held, held.folder, signal, isPausing);
    });

  return {
    async start(signal, isPausing) {
      const { pairs, form } = store.getState();
      if (pairs === null) throw new PairCompError('Choose pairs first.');
      const { chosen, settingsOf } = planRun(pairs, form);
      // What is wrong with the judge's address is better said before anything is drawn.
      if (form.judge === 'endpoint') ports.endpointJudge(form.endpoint);
      const current = await ports.currentModel(signal);
      const { folder } = current;
      if (form.judge === 'janus') ports.janusJudge(folder, current.title);
      // Loads the model, unless it is loaded.
      const info = await ports.withEngine(folder, (_, loaded) => Promise.resolve(loaded), signal);
      const settings = settingsOf(info.defaults);
      const model = modelOf(current, info, settings);
      const id = ports.newId();
      const create = () => records.create(id, pairs, { chosen, images: form.images, settings, folder, model });
      await goOn(id, create, signal, isPausing);
    },

    async resume(signal, isPausing) {
      const { run } = store.getState();
      // Another tab may have drawn more of the run than is on screen.
      if (run !== null) await goOn(run.id, () => records.show(run.id), signal, isPausing);
    },
  };
};
