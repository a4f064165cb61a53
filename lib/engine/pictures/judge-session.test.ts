import { TINY } from '@/lib/models/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { judgeGolden as golden, testJudge } from '@/lib/judge/testing';
import type { ModelLocation } from '@/lib/models';
import type { TokenReader } from '../interface/engine';
import { createNodeDecoder } from '../node';
import { RemoteDecoder } from '../workers/remote-decoder';
import { serveDecoder } from '../workers/serve-decoder';

const { location, files, folder } = testJudge();
const picture = (name: string): Int32Array => Int32Array.from(golden.pictures[name] ?? []);

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
  ['behind the worker protocol', () => channelDecoder()],
];

describe.each(implementations)('a judge %s', (_name, create) => {
  const decoder = create();
  afterAll(() => decoder.dispose());

  test('gives the golden scores of every picture for every caption, without a decoder', async () => {
    const pictures = ['apple', 'apple and cat', 'three apples'];
    const captions = ['a red apple', 'a green apple', 'an apple and a cat with a hat', 'three red apples'];
    const judgement = await decoder.judge({ judge: location, pictures: pictures.map(picture), captions });
    expect(judgement.title).toBe('Test judge');
    expect(judgement.version).toMatch(/^[0-9a-f]{12}$/);
    const expected = (name: string, text: string) =>
      Number(golden.scores.find(([of, caption]) => of === name && caption === text)?.[2]);
    captions.forEach((caption, i) => {
      const said = judgement.captions[i];
      const scores = said && 'scores' in said ? said.scores : [];
      pictures.forEach((name, j) => expect(scores[j], `${name}: ${caption}`).toBeCloseTo(expected(name, caption), 5));
    });
    expect(expected('apple', 'a red apple')).toBeGreaterThan(0.9);
  });

  test('says why it cannot read a caption, and reads the others', async () => {
    const { captions } = await decoder.judge({
      judge: location,
      pictures: [picture('apple')],
      captions: ['an apple next to something', 'an apple'],
    });
    expect(captions[0]).toEqual({ unreadable: expect.stringMatching(/^[A-Z].*\.$/) as string });
    expect(captions[1]).toHaveProperty('scores');
  });

  test('refuses unfinished pictures, and those of another codebook', async () => {
    for (const change of [-1, 16]) {
      const tokens = picture('apple');
      tokens[143] = change;
      await expect(
        decoder.judge({ judge: location, pictures: [tokens], captions: ['an apple'] }),
      ).rejects.toMatchObject({ code: 'bad-request' });
    }
  });

  test('refuses altered files, by their name, and goes on with a sound judge', async () => {
    const altered: ModelLocation = {
      kind: 'files',
      name: `altered ${folder}`,
      files: Object.fromEntries(
        Object.entries(files).map(([path, bytes]) => [
          path,
          { blob: new Blob([path === 'judge.onnx' ? bytes.map((byte, i) => (i === 999 ? byte ^ 1 : byte)) : bytes]) },
        ]),
      ),
    };
    await expect(
      decoder.judge({ judge: altered, pictures: [picture('apple')], captions: ['an apple'] }),
    ).rejects.toMatchObject({ code: 'model-altered', data: { file: 'judge.onnx' } });
    await expect(
      decoder.judge({ judge: location, pictures: [picture('apple')], captions: ['an apple'] }),
    ).resolves.toHaveProperty('captions');
  });
});

test('a worker that was replaced for its judge loads the decoder again for the next picture', async () => {
  const crash: { fault: (() => void) | null } = { fault: null };
  const decoder = channelDecoder(crash);
  await decoder.load(TINY);
  const [before] = await decoder.decode([Int32Array.of(5)]);
  crash.fault?.();
  await decoder.judge({ judge: location, pictures: [picture('apple')], captions: ['an apple'] });
  expect(await decoder.decode([Int32Array.of(5)])).toEqual([before]);
  await decoder.dispose();
  await expect(decoder.judge({ judge: location, pictures: [], captions: [] })).rejects.toMatchObject({
    code: 'disposed',
  });
});
