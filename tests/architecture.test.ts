import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folders, rows } from '../architecture.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A small house by the same table: every file with what it imports. */
const house: Record<string, string> = {
  'lib/domain/index.ts': `export type { Side } from './pair';`,
  'lib/domain/pair.ts': `export type Side = 'a' | 'b';`,
  'lib/engine/index.ts': `export { draw } from './local-engine';`,
  'lib/engine/local-engine.ts': `import { loop } from './decode/loop';\nexport const draw = loop;`,
  'lib/engine/decode/loop.ts': `import type { Side } from '@/lib/domain';\nexport const loop = (side: Side) => side;`,
  'lib/engine/node.ts': `export const inNode = 1;`,
  'lib/engine/testing/index.ts': `export const helper = 1;`,
  'lib/state/index.ts': `export { useBench } from './hooks';`,
  'lib/state/hooks.ts': `import { useState } from 'react';\nexport const useBench = useState;`,
  'lib/state/bench/index.ts': `export { bench } from './bench';`,
  'lib/state/bench/bench.ts': `import { draw } from '@/lib/engine';\nexport const bench = draw;`,
  'components/screen.tsx': `import { useBench } from '@/lib/state';\nimport { bench } from '@/lib/state/bench';\nexport const screen = [useBench, bench];`,
  'cli/pair.ts': `import { inNode } from '@/lib/engine/node';\nexport const pair = inNode;`,
  'lib/engine/engine.test.ts': `import { inNode } from './node';\nimport { helper } from './testing';\nexport const tested = [inNode, helper];`,
  // What must be refused.
  'lib/domain/up.ts': `import type { draw } from '@/lib/engine';\nexport type Up = typeof draw;`,
  'lib/domain/up.test.ts': `import { draw } from '@/lib/engine';\nexport const up = draw;`,
  'lib/engine/decode/room.ts': `import { draw } from '../local-engine';\nexport const room = draw;`,
  'lib/models/index.ts': `import type { Two } from './two';\nexport type One = Two;`,
  'lib/models/two.ts': `import type { One } from './index';\nexport type Two = One;`,
  'components/past.tsx': `import { loop } from '@/lib/engine/decode/loop';\nexport const past = loop;`,
  'lib/state/bench/past.ts': `import type { Side } from '../../domain/pair';\nexport type Past = Side;`,
  'lib/judge/react.ts': `import { useState } from 'react';\nexport const react = useState;`,
  'lib/state/bench/react.ts': `import { useState } from 'react';\nexport const react = useState;`,
  'components/node.tsx': `import { inNode } from '@/lib/engine/node';\nexport const node = inNode;`,
  'cli/helper.ts': `import { helper } from '@/lib/engine/testing';\nexport const borrowed = helper;`,
};

const refused: Record<string, string> = {
  'lib/domain/up.ts': 'below-lib/domain',
  'lib/domain/up.test.ts': 'below-lib/domain',
  'lib/engine/decode/room.ts': 'below-lib/engine/decode',
  'lib/models/index.ts': 'no-circles',
  'components/past.tsx': 'door-of-lib/engine',
  'lib/state/bench/past.ts': 'door-of-lib/domain',
  'lib/judge/react.ts': 'portable',
  'lib/state/bench/react.ts': 'portable',
  'components/node.tsx': 'node-door',
  'cli/helper.ts': 'testing-door',
};

let folder = '';
/** Names of the broken rules by file. */
const violations: Record<string, string[]> = {};

beforeAll(() => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(join(root, '.cache/house-'));
  for (const file of ['architecture.js', '.dependency-cruiser.js', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, code] of Object.entries(house)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${code}\n`);
  }
  const report = execFileSync('npx', ['depcruise', '--output-type', 'json', 'lib', 'components', 'cli'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const { summary } = JSON.parse(report) as {
    readonly summary: {
      readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
    };
  };
  for (const { from, rule } of summary.violations) (violations[from] ??= []).push(rule.name);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the rules of imports', () => {
  test.each(Object.entries(refused))('refuse %s by %s', (file, rule) => {
    expect(violations[file]).toContain(rule);
  });

  test('let everything else in the small house pass', () => {
    expect(Object.keys(violations).sort()).toEqual(Object.keys(refused).sort());
  });

  test('refuse the page’s globals in code that also runs in workers', async () => {
    const eslint = new ESLint({
      cwd: root,
      // Type-aware rules need files on disk; this one does not.
      overrideConfig: [{ languageOptions: { parserOptions: { projectService: false, project: null } } }],
      ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-globals',
    });
    const found = async (filePath: string) =>
      (await eslint.lintText('export const y = document.title;\n', { filePath })).flatMap(({ messages }) => messages);
    expect(await found('lib/engine/x.ts')).toHaveLength(1);
    expect(await found('lib/state/bench/x.ts')).toHaveLength(0);
  });
});

test('the table names every folder of the library once', () => {
  const names = folders.map(({ folder: name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const there = readdirSync(join(root, 'lib'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `lib/${name}`);
  expect(names.filter((name) => /^lib\/[^/]+$/.test(name)).sort()).toEqual(there.sort());
});

describe('docs/architecture.md', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

  test('shows the table as it is', () => {
    for (const row of rows) {
      const cell = row.map(({ folder: name, holds }) => `\`${name}\`: ${holds}`).join('<br>');
      expect(page).toContain(`\n| ${cell} |\n`);
    }
  });

  test('names files and folders that exist', () => {
    const paths = [...page.matchAll(/`((?:app|cli|components|docs|lib|tests)\/[\w./-]+)`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
