import { TINY } from '@/lib/models/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenReader } from '../interface/engine';
import { createNodeDecoder } from '../node';
import { RemoteDecoder } from '../workers/remote-decoder';
import { serveDecoder } from '../workers/serve-decoder';

const CELLS = 36;

function channelDecoder(crash?: { fault: (() => void) | null }): RemoteDecoder {
  return new RemoteDecoder(() => {
    const { port1, port2 } = new MessageChannel();
    serveDecoder(port2, createNodeDecoder());
    port1.start();
    port2.start();
    return {
      endpoint: port1,
      onCrash: (listener) => {
        if (crash)
          crash.fault = () => {
            listener('a fault for a test');
          };
      },
      terminate: () => {
        port1.close();
        port2.close();
      },
    };
  });
}

const implementations: [string, () => TokenReader][] = [
  ['in process', createNodeDecoder],
  ['behind the worker protocol', channelDecoder],
];

describe.each(implementations)('a pixel decoder %s', (_name, create) => {
  const decoder = create();
  beforeAll(() => decoder.load(TINY));
  afterAll(() => decoder.dispose());

  test('gives one picture for each grid, as large as the manifest says', async () => {
    const grid = Int32Array.from({ length: CELLS }, (_, cell) => cell);
    const [one, two] = await decoder.decode([grid, grid.slice().reverse()]);
    expect(one).toMatchObject({ width: 48, height: 48 });
    expect(one?.data).toHaveLength(4 * 48 * 48);
    expect(one?.data.slice(0, 4)).toEqual(two?.data.slice(-4));
    expect(await decoder.decode([])).toEqual([]);
  });

  test('pads an unfinished grid with the background', async () => {
    const background = new Int32Array(CELLS);
    const short = Int32Array.of(9, 8, 7);
    const padded = background.slice();
    padded.set(short);
    const marked = new Int32Array(CELLS).fill(-1);
    marked.set(short);
    const [a, b, c] = await decoder.decode([short, padded, marked]);
    expect(a).toEqual(b);
    expect(c).toEqual(b);
  });

  test('refuses tokens that are not codes', async () => {
    await expect(decoder.decode([Int32Array.of(64)])).rejects.toMatchObject({ code: 'bad-request' });
    await expect(decoder.decode([new Int32Array(CELLS + 1)])).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('the life of a pixel decoder', () => {
  test.each(implementations)('%s: not loaded, gone, not there', async (_name, create) => {
    const decoder = create();
    await expect(decoder.decode([Int32Array.of(1)])).rejects.toMatchObject({ code: 'not-loaded' });
    await expect(decoder.load({ kind: 'directory', path: '/nowhere' })).rejects.toMatchObject({
      code: 'model-unknown',
    });
    await decoder.dispose();
    await expect(decoder.load(TINY)).rejects.toMatchObject({ code: 'disposed' });
  });

  test('goes on after its worker crashed', async () => {
    const crash: { fault: (() => void) | null } = { fault: null };
    const decoder = channelDecoder(crash);
    await decoder.load(TINY);
    const [before] = await decoder.decode([Int32Array.of(5)]);
    crash.fault?.();
    expect(await decoder.decode([Int32Array.of(5)])).toEqual([before]);
    await decoder.dispose();
  });
});
