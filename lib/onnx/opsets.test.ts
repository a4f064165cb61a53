import { describe, expect, test } from 'vitest';
import { Composer } from './compose';
import { GraphWriter } from './graph-writer';
import { takeApart } from './model-parts';
import { upgraded } from './opsets';
import { MessageWriter } from './protobuf';
import { Unfusable } from './unfusable';

describe('nodes of an older version of the operators', () => {
  test('what stayed the same is left alone, and what became something else is refused', () => {
    const of = (type: string) => new MessageWriter().text(1, 'x').text(2, 'y').text(4, type).done();
    expect(upgraded(of('Add'), 13, 21, '').node).toEqual(of('Add'));
    expect(() => upgraded(of('Softmax'), 11, 21, '')).toThrow(Unfusable);
    expect(() => upgraded(of('GroupNormalization'), 18, 21, '')).toThrow(/GroupNormalization of version 18/);
    const split = new MessageWriter().text(1, 'x').text(2, 'y').text(2, 'z').text(4, 'Split').done();
    expect(upgraded(split, 17, 21, '').node.length).toBeGreaterThan(split.length);
  });

  test('two versions of another domain are refused', () => {
    const writer = new GraphWriter('empty');
    writer.output('unused', writer.f32([1]), 'float32', [1]);
    const model = takeApart(writer.done(), null);
    const of = (version: number) => ({ ...model, opsets: new Map([['com.microsoft', version]]) });
    expect(() => new Composer([of(1), of(2)])).toThrow(Unfusable);
  });
});
