import { describe, expect, test } from 'vitest';
import type { EngineError, ExecutionProvider, StepEvent } from '@/lib/domain';
import { DirectorySource } from '@/lib/models/node';
import { testModel, TINY } from '@/lib/models/testing';
import type { WorkerLink } from '@/lib/rpc';
import type { CapabilityReport } from '../fit/capabilities';
import type { DrawRequest } from '../interface/engine';
import { createNodeEngine } from '../node';
import { channelLink } from '../testing/channel-link';
import { drawn, JANUS, janusFiles } from '../testing/janus';
import { collect, PROMPTS, SETTINGS, tokensOf } from '../testing/tiny';
import type { EngineNotice } from './notice';
import { RemoteEngine } from './remote-engine';

const REQUEST: DrawRequest = { prompts: PROMPTS, settings: SETTINGS };

const capable: CapabilityReport = {
  webgpu: true,
  adapter: 'an adapter',
  shaderF16: false,
  maxBufferBytes: 2 ** 30,
  storage: true,
  isolated: false,
  problems: [],
};
const incapable: CapabilityReport = {
  ...capable,
  webgpu: false,
  adapter: null,
  problems: [{ code: 'no-adapter', message: 'No adapter.', hint: 'The processor draws.' }],
};

function setUp(
  options: { report?: CapabilityReport; spawn?: (executionProvider: ExecutionProvider) => WorkerLink } = {},
) {
  const notices: EngineNotice[] = [];
  const spawned: ExecutionProvider[] = [];
  const engine = new RemoteEngine({
    spawn: (executionProvider) => {
      spawned.push(executionProvider);
      return (options.spawn ?? channelLink)(executionProvider);
    },
    probe: () => Promise.resolve(options.report ?? capable),
    onNotice: (notice) => notices.push(notice),
  });
  return { engine, notices, spawned };
}

async function undisturbed(): Promise<StepEvent[]> {
  const engine = createNodeEngine();
  await engine.load(TINY);
  const events = await collect(engine.draw(REQUEST));
  await engine.dispose();
  return events;
}
const expected = await undisturbed();

describe('a draw', () => {
  test('goes on with the same result after its worker crashed', async () => {
    const { engine, notices, spawned } = setUp();
    await engine.load(TINY);
    const events: StepEvent[] = [];
    for await (const event of engine.draw(REQUEST)) {
      events.push(event);
      if (event.step === 2) await engine.crashWorker();
    }
    expect(events).toEqual(expected);
    expect(spawned).toEqual(['webgpu', 'webgpu']);
    expect(notices).toMatchObject([{ kind: 'recovered', code: 'worker-crashed' }]);
    await engine.dispose();
  });

  test('goes on with the same result after its device was lost', async () => {
    let workers = 0;
    const { engine, notices, spawned } = setUp({
      spawn: (executionProvider) => channelLink(executionProvider, workers++ === 0 ? { chunksUntilLost: 3 } : {}),
    });
    await engine.load(TINY);
    expect(await collect(engine.draw(REQUEST))).toEqual(expected);
    expect(spawned).toEqual(['webgpu', 'webgpu']);
    expect(notices).toEqual([{ kind: 'recovered', code: 'device-lost', fromStep: 20 }]);
    await engine.dispose();
  });

  test('turns to the processor when the device keeps being lost', async () => {
    const { engine, notices, spawned } = setUp({
      spawn: (executionProvider) =>
        channelLink(executionProvider, executionProvider === 'webgpu' ? { chunksUntilLost: 2 } : {}),
    });
    await engine.load(TINY);
    const events = await collect(engine.draw(REQUEST));
    expect(events).toEqual(expected);
    expect(spawned).toEqual(['webgpu', 'webgpu', 'webgpu', 'wasm']);
    expect(notices.map(({ kind }) => kind)).toContain('fallback');
    expect(engine.info?.executionProvider).toBe('wasm');
    await engine.dispose();
  });

  test('fails with its own error when every worker crashes', async () => {
    const { engine } = setUp({
      report: incapable,
      spawn: (executionProvider) => {
        const link = channelLink(executionProvider);
        const send = link.endpoint.postMessage.bind(link.endpoint);
        return {
          ...link,
          onCrash: (listener) => {
            link.endpoint.postMessage = (message: { readonly method?: string }) => {
              if (message.method === 'draw') listener('again');
              else send(message);
            };
          },
        };
      },
    });
    await engine.load(TINY);
    await expect(collect(engine.draw(REQUEST))).rejects.toMatchObject({ code: 'worker-crashed' });
    await engine.dispose();
  });

  test.each(['loseDevice', 'crashWorker'] as const)('after %s between draws starts a new worker', async (disturb) => {
    const { engine, spawned } = setUp();
    await engine.load(TINY);
    await engine[disturb]();
    expect(await collect(engine.draw(REQUEST))).toEqual(expected);
    expect(spawned).toHaveLength(2);
    await engine.dispose();
  });
});

describe("a drawing with a folder in the hub's layout", { timeout: 120_000 }, () => {
  const { prompts, settings, tokens } = drawn.cases[0]!;

  test('goes on with the same tokens after its device was lost, and after its worker crashed', async () => {
    let workers = 0;
    const { engine, notices, spawned } = setUp({
      // The chunk of the load, two of the drawing, and then no more.
      spawn: (executionProvider) => channelLink(executionProvider, workers++ === 0 ? { chunksUntilLost: 3 } : {}),
    });
    await engine.load(JANUS);
    const events: StepEvent[] = [];
    for await (const event of engine.draw({ prompts, settings })) {
      events.push(event);
      if (event.step === 40) await engine.crashWorker();
    }
    expect(events.map(({ step }) => step)).toEqual(Array.from({ length: 64 }, (_, step) => step));
    expect(tokensOf(events)).toEqual(tokens);
    expect(spawned).toEqual(['webgpu', 'webgpu', 'webgpu']);
    expect(notices).toMatchObject([
      { kind: 'recovered', code: 'device-lost', fromStep: 8 },
      { kind: 'recovered', code: 'worker-crashed' },
    ]);
    await engine.dispose();
  });

  test('turns to the processor where the GPU has too little memory, and says for which file', async () => {
    const { engine, notices, spawned } = setUp({
      spawn: (executionProvider) => channelLink(executionProvider, { outOfMemory: executionProvider === 'webgpu' }),
    });
    expect(await engine.load(JANUS)).toMatchObject({ executionProvider: 'wasm' });
    expect(spawned).toEqual(['webgpu', 'wasm']);
    expect(notices).toMatchObject([
      {
        kind: 'fallback',
        message: expect.stringMatching(
          /^There was not enough memory for onnx\/language_model\.onnx \(155,808 bytes\)\.$/,
        ) as string,
      },
    ]);
    await engine.dispose();
  });
});

describe('a load', () => {
  test('does not turn to a processor that cannot hold the model: what failed is said, and why nothing else draws', async () => {
    // So many layers that their keys and values alone are beyond WebAssembly.
    const config = JSON.parse(
      new TextDecoder().decode(
        await new DirectorySource(testModel('janus-tiny')).read('config.json', { maxBytes: 1e5 }),
      ),
    ) as { language_config: Record<string, number> };
    config.language_config.num_hidden_layers = 200_000;
    const files = await janusFiles({ 'config.json': JSON.stringify(config) });
    const { engine, notices, spawned } = setUp({
      spawn: (executionProvider) => channelLink(executionProvider, { outOfMemory: executionProvider === 'webgpu' }),
    });
    const error = await engine.load({ kind: 'files', name: 'large', files }).then(
      () => null,
      (thrown: unknown) => thrown as EngineError,
    );
    expect(error?.code).toBe('beyond-processor');
    expect(error?.message).toMatch(
      /^\S.*\. On the processor this model would take [\d,.]+ GB, and WebAssembly ends at 4\.3 GB\.$/,
    );
    expect(spawned).toEqual(['webgpu', 'wasm']);
    expect(notices.filter(({ kind }) => kind === 'fallback')).toEqual([]);
    await engine.dispose();
  });

  test('takes the processor, and says so, where the browser has no adapter', async () => {
    const { engine, notices, spawned } = setUp({ report: incapable });
    expect((await engine.load(TINY)).executionProvider).toBe('wasm');
    expect(spawned).toEqual(['wasm']);
    expect(notices).toMatchObject([{ kind: 'fallback', code: 'no-adapter' }]);
    await engine.dispose();
  });

  test('takes the processor when the GPU worker cannot start', async () => {
    const { engine, notices, spawned } = setUp({
      spawn: (executionProvider) => channelLink(executionProvider, { failToStart: executionProvider === 'webgpu' }),
    });
    expect((await engine.load(TINY)).executionProvider).toBe('wasm');
    expect(spawned).toEqual(['webgpu', 'wasm']);
    expect(notices).toMatchObject([{ kind: 'fallback', code: 'no-adapter' }]);
    await engine.dispose();
  });
});
