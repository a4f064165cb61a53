import { describe, expect, test } from 'vitest';
import { body } from './compose';
import { inOrder } from './node-order';
import { node, readNode } from './operation';
import { Unfusable } from './unfusable';

/** The nodes by the names of what they make. */
const names = (nodes: readonly Uint8Array[]) => nodes.map((each) => readNode(each).outputs[0]);
const chain = (length: number) => Array.from({ length }, (_, index) => node('Neg', [`x${index}`], [`x${index + 1}`]));

describe('nodes in order', () => {
  test('stay as they are where they are sorted', () => {
    const nodes = [...chain(3), node('Add', ['x1', 'x3'], ['y'])];
    expect(inOrder(nodes)).toEqual(nodes);
  });

  test('stand behind what they read, however long the chain', () => {
    const nodes = chain(20_000).toReversed();
    expect(names(inOrder(nodes))).toEqual(Array.from({ length: 20_000 }, (_, index) => `x${index + 1}`));
  });

  test('count what the body of a loop reads from around it', () => {
    const inner = body('inner', [node('Add', ['own', 'outer'], ['sum'])], [], []);
    const loop = node('Loop', ['trips', ''], ['result'], { body: inner });
    expect(names(inOrder([loop, node('Neg', ['x'], ['outer'])]))).toEqual(['outer', 'result']);
  });

  test('may leave inputs and outputs out', () => {
    const nodes = [node('First', ['x', ''], ['', 'y']), node('Second', ['', 'y'], ['z', ''])];
    expect(inOrder(nodes)).toEqual(nodes);
  });

  test('cannot read one another in a circle, or themselves', () => {
    expect(() => inOrder([node('Neg', ['y'], ['x']), node('Neg', ['x'], ['y'])])).toThrow(Unfusable);
    expect(() => inOrder([node('Neg', ['x'], ['x'])])).toThrow(Unfusable);
  });
});
