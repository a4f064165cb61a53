/** Text embeddings fetched row by row from a hub, in place of the whole table. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DownloadService, MemoryDepot } from '@/lib/downloads';
import { quickNet, startHub } from '@/lib/downloads/testing';
import type { KnownFile, TextByRows } from '@/lib/models';
import { channelLink } from '../../testing/channel-link';
import { drawn, janusFiles } from '../../testing/janus';
import { collect, tokensOf } from '../../testing/tiny';
import { RemoteEngine } from '../../workers/remote-engine';

const TABLE = 'onnx/embed_tokens.onnx';
const { prompts, settings, tokens } = drawn.cases[0]!;

let hub: Awaited<ReturnType<typeof startHub>>;
let service: DownloadService;
let engine: RemoteEngine;
let text: TextByRows;
let files: Record<string, KnownFile>;

beforeEach(async () => {
  files = await janusFiles({ 'onnx/embed_tokens_fp16.onnx': null, 'onnx/prepare_inputs_embeds.onnx': null });
  const served = Object.fromEntries(
    await Promise.all(
      Object.entries(files).map(async ([path, { blob }]) => [path, new Uint8Array(await blob.arrayBuffer())] as const),
    ),
  );
  hub = await startHub(served);
  service = new DownloadService(new MemoryDepot(), hub.locks, quickNet());
  const graph = hub.listed.find(({ path }) => path === TABLE)!;
  text = { graph, table: await service.rowTable(hub.origin, graph, hub.listed) };
  delete files[TABLE];
  engine = new RemoteEngine({
    spawn: (provider) => channelLink(provider),
    prefer: 'wasm',
    fetchRows: (table, ids, signal) => service.rows(table, ids, signal),
  });
  hub.server.asked.length = 0;
  hub.server.sentBytes.clear();
}, 60_000);
afterEach(async () => {
  await engine.dispose();
  await hub.server.stop();
});

describe('a drawing whose text embeddings are fetched row by row', { timeout: 120_000 }, () => {
  test('has the tokens of the whole table, asks for nothing but rows, and for each once', async () => {
    const info = await engine.load({ kind: 'files', name: 'tiny', files, text });
    expect(info).toMatchObject({ textByRows: true });
    expect(hub.server.asked).toEqual([]);
    expect(tokensOf(await collect(engine.draw({ prompts, settings })))).toEqual(tokens);
    const asked = hub.server.asked.length;
    expect(asked).toBeGreaterThan(0);
    expect(hub.server.asked.every(({ path, range }) => path === TABLE && /^bytes=\d+-\d+$/.test(range ?? ''))).toBe(
      true,
    );
    await engine.crossScores({ prompts, tokens: { a: Int32Array.of(1, 2), b: Int32Array.of(1, 2) } });
    expect(hub.server.asked).toHaveLength(asked);
    // A comparison can be opened by those who have the whole table, since the model is the same one if the host is honest.
    const whole = new RemoteEngine({ spawn: (provider) => channelLink(provider), prefer: 'wasm' });
    expect(
      (
        await whole.load({
          kind: 'files',
          name: 'tiny',
          files: await janusFiles({ 'onnx/embed_tokens_fp16.onnx': null }),
        })
      ).modelHash,
    ).toBe(info.modelHash);
    await whole.dispose();
  });

  test.each([
    [
      'Range is ignored',
      { kind: 'ignore-range' },
      'network',
      /embed_tokens\.onnx could not be fetched: the server does not send parts of files; download the whole table instead\./,
    ],
    [
      'an answer is too short',
      { kind: 'short', bytes: 10 },
      'model-truncated',
      /embed_tokens\.onnx arrived incomplete: 10 bytes of/,
    ],
    ['an answer is too long', { kind: 'long', bytes: 3 }, 'model-altered', /embed_tokens\.onnx/],
    [
      'another part is sent',
      { kind: 'wrong-range', shift: 128, honest: true },
      'network',
      /embed_tokens\.onnx could not be fetched/,
    ],
  ] as const)('where %s: one sentence, and it draws once that is over', async (_what, fault, code, sentence) => {
    await engine.load({ kind: 'files', name: 'tiny', files, text });
    hub.server.fault = () => fault;
    await expect(collect(engine.draw({ prompts, settings }))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(sentence) as string,
    });
    hub.server.fault = () => null;
    for await (const { step, sides } of engine.draw({ prompts, settings })) {
      expect([sides.a.token, sides.b.token]).toEqual([tokens.a[step], tokens.b[step]]);
      if (step === 2) break;
    }
  });

  test('of other width than the model: refused at load, by name', async () => {
    const table = { ...text.table, columns: 16 };
    await expect(engine.load({ kind: 'files', name: 'tiny', files, text: { ...text, table } })).rejects.toMatchObject({
      code: 'model-mismatch',
      data: { file: TABLE },
    });
  });
});
