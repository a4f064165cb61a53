import { expect, test } from 'vitest';
import { castGraph, readGraphOutline } from '@/lib/onnx';
import { nodeRuntime } from '../node';
import { assertReadable, LAST_VERSIONS } from './versions';

/** A small graph that says of itself that it is of these versions: in a message, what comes last counts. */
const aged = ({ irVersion, domain = '', version }: { irVersion?: number; domain?: string; version?: number }) => {
  const name = new TextEncoder().encode(domain);
  const opset = version === undefined ? [] : [66, 4 + name.length, 10, name.length, ...name, 16, version];
  return Uint8Array.of(
    ...castGraph('float32', 'float16'),
    ...(irVersion === undefined ? [] : [8, irVersion]),
    ...opset,
  );
};

const isReadable = (graph: Uint8Array): boolean => {
  try {
    assertReadable(readGraphOutline(graph, 'graph.onnx'), 'graph.onnx');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'model-too-new' });
    return false;
  }
};

const opens = async (graph: Uint8Array): Promise<boolean> => {
  const ort = await nodeRuntime.prepare({ signal: new AbortController().signal, onBytes: () => undefined });
  return ort.InferenceSession.create(graph, { executionProviders: ['wasm'] }).then(
    (session) => session.release().then(() => true),
    () => false,
  );
};

test.each([
  { irVersion: LAST_VERSIONS.irVersion },
  ...Object.entries(LAST_VERSIONS.opsets).map(([domain, version]) => ({ domain, version })),
])('the runtime reads graphs of %o, and none that are newer, as is said before it is asked', async (last) => {
  const next = Object.fromEntries(
    Object.entries(last).map(([key, value]) => [key, typeof value === 'number' ? value + 1 : value]),
  );
  for (const [graph, readable] of [
    [aged(last), true],
    [aged(next), false],
  ] as const) {
    expect(await opens(graph)).toBe(readable);
    expect(isReadable(graph)).toBe(readable);
  }
});
