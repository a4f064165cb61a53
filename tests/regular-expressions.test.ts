import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test, vi } from 'vitest';
import { slownessOf } from './regular-expressions/slowness';

const house = dirname(dirname(fileURLToPath(import.meta.url)));

const sources = ['app', 'cli', 'components', 'lib'].flatMap((folder) =>
  readdirSync(join(house, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\/testing\//.test(path)),
);

interface Found {
  readonly source: string;
  readonly flags: string;
}

/** The regular expressions of a file that are written out, and how often one is made of texts. */
function expressionsIn(path: string): { readonly literals: readonly Found[]; readonly made: number } {
  const literals: Found[] = [];
  let made = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      literals.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') made++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(house, path), 'utf8'), ts.ScriptTarget.Latest, true));
  return { literals, made };
}

/** What a file makes of texts while it is loaded. */
async function expressionsMadeBy(path: string): Promise<readonly Found[]> {
  const made: Found[] = [];
  const Real = RegExp;
  vi.stubGlobal(
    'RegExp',
    new Proxy(Real, {
      construct(target, [source, flags]: [string, string]) {
        made.push({ source, flags });
        return new target(source, flags);
      },
    }),
  );
  vi.resetModules();
  await import(join(house, path)).finally(() => vi.unstubAllGlobals());
  return made;
}

const complaint = ({ source, flags }: Found): string | null => {
  const slow = slownessOf(source, flags);
  return (
    slow &&
    `/${source}/${flags} takes ${slow.growth} time for many times ${JSON.stringify(slow.pump)} (${slow.between.join(' and ')})`
  );
};

test.each([
  ['\\s+$', 'g', 'polynomial'],
  ['^\\s*(.*?)\\s*$', '', 'polynomial'],
  ['[?#].*$', '', 'polynomial'],
  ['<([^>]*)>', '', 'polynomial'],
  ['a+b|a', 'g', 'polynomial'],
  ['a(?:a+c)?', 'g', 'polynomial'],
  ['(?=a*b)', '', 'polynomial'],
  ['^(?:a|a)*$', '', 'exponential'],
  ['^(?:a*)*$', '', 'exponential'],
  ['^(?:\\w+\\s?)*$', '', 'exponential'],
  ['^(?:a|\\p{L})+$', 'iu', 'exponential'],
  ['x(\\w+)y\\1', '', 'polynomial'],
])('/%s/%s is slow: %s', (source, flags, growth) => {
  expect(slownessOf(source, flags)?.growth).toBe(growth);
});

test.each([
  ['\\s+', 'g'],
  ['^\\s+', ''],
  ['\\s$', ''],
  ['<([^<>]*)>', ''],
  ['"[^"]*"', ''],
  ['^(?:[0-9a-f]{2})+$', ''],
  ['^[\\w-][\\w.-]{0,95}$', ''],
  ['^(?:a,)*a$', ''],
  ['(?:a|b)*', 'g'],
  ['[^]*$', ''],
  ['x[^]*', ''],
  ['\\d+(?=x)', 'y'],
  ['\\p{L}(?:\\u200d\\p{L})*', 'gu'],
])('/%s/%s takes linear time', (source, flags) => {
  expect(slownessOf(source, flags)).toBeNull();
});

test('every regular expression of the house takes linear time, whatever it meets', async () => {
  const complaints: string[] = [];
  let found = 0;
  for (const path of sources) {
    const { literals, made } = expressionsIn(path);
    const others = made === 0 ? [] : await expressionsMadeBy(path);
    // One that is made later would not be seen.
    expect(others.length, `expressions that ${path} makes while it is loaded`).toBeGreaterThanOrEqual(made);
    for (const each of [...literals, ...others]) {
      found++;
      const slow = complaint(each);
      if (slow !== null) complaints.push(`${path}: ${slow}`);
    }
  }
  expect(found).toBeGreaterThan(100);
  expect(complaints).toEqual([]);
});
