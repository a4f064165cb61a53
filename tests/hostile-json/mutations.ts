/** A JSON value whose members may be replaced. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Path = readonly (string | number)[];

const DEEP = 100_000;

/** Values as texts, since some cannot be had from `JSON.stringify`. */
const HOSTILE_VALUES: readonly string[] = [
  'null',
  'true',
  '-1',
  '0.5',
  '1e15',
  '1e999',
  '-1e999',
  '""',
  '"\\ud800"',
  '"../../etc/passwd"',
  '"\\u0000\\u202e{{constructor}}"',
  '[]',
  '{}',
  '[[]]',
  '{"toString": 1, "valueOf": 1}',
  '{"toString": null, "toJSON": 1, "constructor": {"name": {"toString": 1}}, "length": -1, "then": 1}',
  '{"__proto__": {"polluted": true, "toString": 1}}',
  '{"constructor": {"prototype": {"polluted": true}}}',
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
];

const HOSTILE_KEYS = [
  'toString',
  'valueOf',
  'toJSON',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  'length',
  '',
  '\uD800',
];

/** As much of a sample as is tried: of long lists the beginning, since their members are alike. */
const [MOST_ITEMS, MOST_MEMBERS, MOST_PATHS] = [2, 10, 60];

const membersOf = (value: Json): readonly (readonly [string | number, Json])[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? [...(value as readonly Json[]).slice(0, MOST_ITEMS).entries()]
    : Object.entries(value).slice(0, MOST_MEMBERS);
};

function pathsOf(value: Json): Path[] {
  const paths: Path[] = [[]];
  // A list that grows while it is walked: breadth first, so that what is cut off is the deepest.
  for (const path of paths) {
    const at = path.reduce<Json>((inner, key) => (inner as Record<string | number, Json>)[key]!, value);
    paths.push(...membersOf(at).map(([key]) => [...path, key]));
    if (paths.length >= MOST_PATHS) break;
  }
  return paths;
}

/** The text of a value in which `change` makes the text at one place. */
function textWith(value: Json, path: Path, change: (value: Json) => string): string {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const inner = (each: string | number, member: Json) =>
    each === key ? textWith(member, rest, change) : JSON.stringify(member);
  return Array.isArray(value)
    ? `[${(value as readonly Json[]).map((member, index) => inner(index, member)).join(',')}]`
    : `{${Object.entries(value as object)
        .map(([name, member]) => `${JSON.stringify(name)}:${inner(name, member as Json)}`)
        .join(',')}}`;
}

/** A sample with each of its values replaced by each hostile one, with hostile members, without each member, and cut off. */
export function* mutationsOf(sample: Json): Generator<{ readonly text: string; readonly what: string }> {
  const whole = JSON.stringify(sample);
  for (const path of pathsOf(sample)) {
    const place = path.join('.') || 'the whole';
    for (const hostile of HOSTILE_VALUES)
      yield { text: textWith(sample, path, () => hostile), what: `${hostile.slice(0, 60)} as ${place}` };
    const at = path.reduce<Json>((inner, key) => (inner as Record<string | number, Json>)[key]!, sample);
    if (typeof at !== 'object' || at === null || Array.isArray(at)) continue;
    for (const key of HOSTILE_KEYS) {
      for (const member of [
        '1',
        '"a"',
        '{"toString": 1}',
        ...Object.values(at)
          .slice(0, 1)
          .map((value) => JSON.stringify(value)),
      ]) {
        const more = (value: Json) =>
          JSON.stringify(value).replace(
            /^\{(?=(.?))/,
            (_, next) => `{${JSON.stringify(key)}:${member}${next === '}' ? '' : ','}`,
          );
        yield {
          text: textWith(sample, path, more),
          what: `${JSON.stringify(key)}: ${member.slice(0, 60)} in ${place}`,
        };
      }
    }
    for (const key of Object.keys(at).slice(0, MOST_MEMBERS)) {
      const less = (value: Json) => JSON.stringify({ ...(value as object), [key]: undefined });
      yield { text: textWith(sample, path, less), what: `no ${key} in ${place}` };
    }
  }
  for (let cut = 0; cut < 10; cut++)
    yield { text: whole.slice(0, Math.floor((whole.length * cut) / 10)), what: `the first ${cut} tenths` };
  yield { text: `\uFEFF${whole}`, what: 'a byte order mark before' };
  yield { text: `${whole}x`, what: 'a letter behind' };
  yield { text: '<!doctype html><title>404</title>', what: 'a page' };
}
