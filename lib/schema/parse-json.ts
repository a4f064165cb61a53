import type { core, output, ZodMiniType } from 'zod/mini';
import { failure, type Result, success } from '@/lib/domain';

/** Why a foreign text is not what was asked for. */
export interface JsonFault {
  /** No JSON at all, JSON nested deeper than any format needs, or JSON of something else. */
  readonly kind: 'not-json' | 'too-deep' | 'unexpected';
  /** The value at fault, such as `tokens.a[17]`; empty for the whole text. */
  readonly path: string;
  /** The rest of a sentence that begins with the path: "is not a number". */
  readonly problem: string;
  /** The rest of a sentence about the whole text: "it is not JSON", "tokens.a[17] is not a number". */
  readonly reason: string;
}

/** No format of ours or of a hub nests half as deep; code that walks over values calls itself at each level. */
const MAX_DEPTH = 100;
const MAX_PATH_CHARACTERS = 120;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** Without its bit for lower case, a brace is a bracket. */
const [OPENING, CLOSING, BRACE_BIT] = [0x5b, 0x5d, 0x20];

const fault = (kind: JsonFault['kind'], path: string, problem: string): JsonFault => ({
  kind,
  path,
  problem,
  reason: `${path === '' ? 'it' : path} ${problem}`,
});

/** Whether brackets outside of strings nest too deep; in one pass, before anything that calls itself sees them. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if ((code & ~BRACE_BIT) === OPENING) {
      if (++depth > MAX_DEPTH) return true;
    } else if ((code & ~BRACE_BIT) === CLOSING) depth--;
  }
  return false;
}

const HALF_ESCAPED = /\\u[dD][89a-fA-F]/;
/** Two halves that belong together, one alone, or any other escape, which may end in what looks like one of them. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\[^]/g;

/** Unpaired surrogates become U+FFFD, written out or escaped: they have no place in UTF-8, and addresses cannot hold them. */
function wellFormed(text: string): string {
  const whole = /\p{Surrogate}/u.test(text)
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))
    : text;
  return HALF_ESCAPED.test(whole)
    ? whole.replace(ESCAPES, (escape, alone: string | undefined) => (alone === undefined ? escape : '\\ufffd'))
    : whole;
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? String(part) : `${before}.${String(part)}`;
  }, '');
  return text.length > MAX_PATH_CHARACTERS ? `${text.slice(0, MAX_PATH_CHARACTERS)}…` : text;
}

/** A value as its schema makes it, or what is first wrong with it. */
export function checkJson<S extends ZodMiniType>(value: unknown, schema: S): Result<output<S>, JsonFault> {
  const result = schema.safeParse(value);
  if (result.success) return success(result.data);
  const issue: core.$ZodIssue | undefined = result.error.issues[0];
  return failure(fault('unexpected', pathOf(issue?.path ?? []), issue?.message ?? 'is not as expected'));
}

/**
 * Foreign JSON, a text or its bytes in UTF-8, as a schema makes it. A byte order mark is passed over, unpaired surrogates become U+FFFD.
 * Never throws, whatever the text holds.
 */
export function parseJson<S extends ZodMiniType>(source: string | Uint8Array, schema: S): Result<output<S>, JsonFault> {
  let value: unknown;
  try {
    const text =
      typeof source === 'string'
        ? source.replace(/^\uFEFF/, '')
        : new TextDecoder('utf-8', { fatal: true }).decode(source);
    if (isTooDeep(text)) return failure(fault('too-deep', '', `is nested more than ${MAX_DEPTH} levels deep`));
    value = JSON.parse(wellFormed(text));
  } catch {
    return failure(fault('not-json', '', 'is not JSON'));
  }
  return checkJson(value, schema);
}
