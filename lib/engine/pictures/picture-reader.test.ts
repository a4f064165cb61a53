import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { janusJudge, question, scoreOfFirstTokens, YES_NO } from '@/lib/judge';
import { createNodeReader } from '../node';
import { JANUS, janusFiles } from '../testing/janus';
import { RemoteReader } from '../workers/remote-reader';
import { serveReader } from '../workers/serve-reader';

/** What Hugging Face's PyTorch model would begin its answers with. */
const golden = JSON.parse(
  readFileSync(new URL('../testdata/janus-golden/understanding.json', import.meta.url), 'utf8'),
) as {
  readonly size: number;
  readonly rgb: string;
  readonly cases: readonly { readonly question: string; readonly probabilities: Readonly<Record<string, number>> }[];
};

const rgb = Buffer.from(golden.rgb, 'base64');
const image = {
  width: golden.size,
  height: golden.size,
  data: Uint8ClampedArray.from({ length: 4 * golden.size ** 2 }, (_, place) =>
    place % 4 === 3 ? 255 : (rgb[3 * Math.floor(place / 4) + (place % 4)] ?? 0),
  ),
};

const reader = createNodeReader();
afterAll(() => reader.dispose());

test.each(golden.cases)('$question is answered as PyTorch answers it', async ({ question: asked, probabilities }) => {
  const words = Object.keys(probabilities);
  const read = await reader.read({ model: JANUS, image, question: asked, words });
  expect(read.map(([word]) => word)).toEqual(words);
  for (const [word, probability] of read)
    expect(Math.abs(probability / (probabilities[word] ?? NaN) - 1), word).toBeLessThan(1e-4);
});

test('as a judge it gives P(yes) against P(no)', async () => {
  const judge = janusJudge('Tiny Janus', JANUS, reader);
  expect(await judge.identify()).toEqual({ id: 'janus', version: expect.stringMatching(/^[0-9a-f]{12}$/) as string });
  const pixels = () => Promise.resolve(image);
  const score = await judge.score({ tokens: new Int32Array(), pixels }, 'a red balloon and a blue gift');
  const read = await reader.read({
    model: JANUS,
    image,
    question: question('a red balloon and a blue gift'),
    words: YES_NO,
  });
  // The vocabulary has letters only: "y" begins yes, "n" begins no.
  expect(read.filter(([, probability]) => probability > 0).map(([word]) => word)).toEqual(['yes', 'no']);
  expect(score).toEqual({ score: scoreOfFirstTokens(read) });
});

test('a worker gives the same, and a new one takes the place of one that dies', async () => {
  let crash: (reason: string) => void = () => undefined;
  const remote = new RemoteReader(() => {
    const { port1, port2 } = new MessageChannel();
    serveReader(port2, reader);
    port1.start();
    port2.start();
    return {
      endpoint: port1,
      onCrash: (listener) => (crash = listener),
      terminate: () => (port1.close(), port2.close()),
    };
  });
  const [{ question: asked, probabilities } = { question: '', probabilities: {} as Readonly<Record<string, number>> }] =
    golden.cases;
  const request = { model: JANUS, image, question: asked, words: Object.keys(probabilities) };
  const read = await remote.read(request);
  expect(read).toEqual(await reader.read(request));
  const waiting = remote.read(request);
  crash('a fault for a test');
  await expect(waiting).rejects.toMatchObject({ code: 'worker-crashed' });
  expect(await remote.version(JANUS)).toBe(await reader.version(JANUS));
  await remote.dispose();
});

test('a folder that only draws, and a picture of another size, are refused in one sentence', async () => {
  const files = await janusFiles({ 'onnx/lm_head.onnx': null, 'onnx/lm_head_fp16.onnx': null });
  const drawing = { kind: 'files', name: 'drawing only', files } as const;
  await expect(reader.version(drawing)).rejects.toMatchObject({
    code: 'model-missing',
    message: 'The model file onnx/lm_head.onnx is missing.',
  });
  const small = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  await expect(reader.read({ model: JANUS, image: small, question: 'Why?', words: [] })).rejects.toMatchObject({
    message: 'This Janus looks at pictures of 16 × 16 pixels, as it draws them.',
  });
});

test('16-bit graphs give nearly the same', async () => {
  const only = await janusFiles({
    'onnx/language_model.onnx': null,
    'onnx/language_model_q4.onnx': null,
    'onnx/language_model_q4f16.onnx': null,
    'onnx/lm_head.onnx': null,
  });
  const [{ question: asked, probabilities } = { question: '', probabilities: {} as Readonly<Record<string, number>> }] =
    golden.cases;
  const read = await reader.read({
    model: { kind: 'files', name: 'halves', files: only },
    image,
    question: asked,
    words: Object.keys(probabilities),
  });
  for (const [word, probability] of read)
    expect(Math.abs(probability / (probabilities[word] ?? NaN) - 1), word).toBeLessThan(0.1);
});
