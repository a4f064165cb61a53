import { expect, test } from 'vitest';
import { body } from './compose';
import { renamed } from './model-parts';
import { node, operatorOf } from './operation';
import { textOf } from './protobuf';
import type { Declared } from './value-info';

test('values are renamed in bodies, too, and everything else is kept', () => {
  const x: Declared = { name: 'x', type: 'float32', dims: ['n'] };
  const branch = body('then', [node('Add', ['x', 'outer'], ['z'])], [x], [{ ...x, name: 'z' }]);
  const original = node('If', ['condition'], ['y'], { then_branch: branch, flag: -1 });
  const changed = renamed(original, 'node', (name) => `p/${name}`);
  expect(operatorOf(changed)).toEqual({ type: 'If', domain: '' });
  const texts = textOf(changed);
  for (const name of ['condition', 'y', 'x', 'outer', 'z']) expect(texts).toContain(`p/${name}`);
  expect(renamed(changed, 'node', (name) => name.slice(2))).toEqual(original);
});
