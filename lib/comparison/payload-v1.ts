import { type SamplingSettings, shortestFloat32 } from '@/lib/domain';
import { ByteReader, ByteWriter, MalformedBytes } from './byte-stream';
import { compand, levelsOf, scaleOf } from './companding';
import { LIMITS } from './format-v1';
import { CROSS_LEVELS, CROSS_SCORE_TOP } from './rounding';
import type { PlainComparison } from './schema';
import { fromUtf8, toUtf8 } from './well-formed';

/** What a link leaves unsaid. Not a model's defaults: those may change, and links must not. */
const UNSAID: Pick<SamplingSettings, 'guidanceWeight' | 'temperature' | 'topK' | 'topP' | 'plausibility'> = {
  guidanceWeight: 3,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0.05,
};

/** Index in the table; 0 is a string of its own. Entries are only ever appended. */
const MODEL_NAMES = ['', 'embedded', 'pair-grpo'];
const WEIGHT_TYPES = [
  '',
  'int8',
  'int4',
  'q8',
  'q4',
  'q4f16',
  'float32',
  'float16',
  'fp32',
  'fp16',
  'uint8',
  'f32',
  'f16',
];
const KNOWN_RUNTIME = /^onnxruntime-web (0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;

const PROMPT_DIVERGENCE_TOP = 0;
const SHARED_LEVELS = 15;
const SIDE_LEVELS = 3;

const SETTINGS = {
  independent: 1,
  greedy: 2,
  guidanceWeight: 4,
  temperature: 8,
  topK: 16,
  topP: 32,
  plausibility: 64,
  wasm: 128,
} as const;
const CONTENT = { promptDivergence: 1, crossScores: 2, unfinished: 4, lanes: 8 } as const;

const bitsPerToken = (codes: number): number => 32 - Math.clz32(codes - 1);

/** Steps at which both histories are still equal: all up to and including the first split. */
const sharedSteps = (a: readonly number[], b: readonly number[]): number => {
  const split = a.findIndex((token, step) => token !== b[step]);
  return split < 0 ? a.length : split + 1;
};

/** The values if all of them are known, else null: a link carries a series whole or not at all. */
const known = (values: PlainComparison['trace']['crossScoreBits']): { a: number[]; b: number[] } | null => {
  if (values === undefined || values.a.includes(null) || values.b.includes(null)) return null;
  return { a: values.a.map(Number), b: values.b.map(Number) };
};

const writeText = (writer: ByteWriter, text: string): void => {
  const bytes = toUtf8(text);
  writer.varint(bytes.length);
  writer.bytes(bytes);
};

const readText = (reader: ByteReader, limit: number): string => {
  const length = reader.varint();
  if (length > limit) throw new MalformedBytes('a text is too long');
  const text = fromUtf8(reader.bytes(length));
  if (text === null) throw new MalformedBytes('a text is not UTF-8');
  return text;
};

const at = (values: ArrayLike<number>, index: number): number => {
  const value = values[index];
  if (value === undefined) throw new MalformedBytes('a code is outside its table');
  return value;
};

const expectedLanes = (hasCrossScores: boolean): number => (hasCrossScores ? 6 : 4);

export const writePayloadV1 = (plain: PlainComparison): Uint8Array => {
  const writer = new ByteWriter();
  const { settings, provenance, tokens, grid } = plain;
  const steps = tokens.a.length;
  const divergence = known(plain.trace.promptDivergenceBits);
  const cross = known(plain.trace.crossScoreBits);
  const unfinished = steps < grid.rows * grid.columns;
  const weightType = Math.max(0, WEIGHT_TYPES.indexOf(provenance.weightType));
  const ownLanes = provenance.lanes !== expectedLanes(cross !== null);
  const differs = (key: keyof typeof UNSAID): boolean => settings[key] !== UNSAID[key];
  const flag = (isSet: boolean, bit: number): number => (isSet ? bit : 0);

  writer.byte(
    flag(settings.coupling === 'independent', SETTINGS.independent) |
      flag(settings.greedy, SETTINGS.greedy) |
      flag(differs('guidanceWeight'), SETTINGS.guidanceWeight) |
      flag(differs('temperature'), SETTINGS.temperature) |
      flag(differs('topK'), SETTINGS.topK) |
      flag(differs('topP'), SETTINGS.topP) |
      flag(differs('plausibility'), SETTINGS.plausibility) |
      flag(provenance.executionProvider === 'wasm', SETTINGS.wasm),
  );
  writer.byte(
    flag(divergence !== null, CONTENT.promptDivergence) |
      flag(cross !== null, CONTENT.crossScores) |
      flag(unfinished, CONTENT.unfinished) |
      flag(ownLanes, CONTENT.lanes) |
      (weightType << 4),
  );
  if (weightType === 0) writeText(writer, provenance.weightType);
  if (ownLanes) writer.byte(provenance.lanes);
  const runtime = KNOWN_RUNTIME.exec(provenance.runtime);
  if (runtime) {
    writer.byte(1);
    for (const part of runtime.slice(1)) writer.varint(Number(part));
  } else {
    writer.byte(0);
    writeText(writer, provenance.runtime);
  }
  const modelName = Math.max(0, MODEL_NAMES.indexOf(plain.model.name));
  writer.byte(modelName);
  if (modelName === 0) writeText(writer, plain.model.name);
  for (let i = 0; i < 16; i += 2) writer.byte(Number.parseInt(plain.model.hash.slice(i, i + 2), 16));
  writer.byte(grid.rows);
  writer.byte(grid.columns);
  writer.varint(plain.codes - 1);
  if (unfinished) writer.varint(steps);
  writer.varint(settings.seed);
  if (differs('guidanceWeight')) writer.float32(settings.guidanceWeight);
  if (differs('temperature')) writer.float32(settings.temperature);
  if (differs('topK')) writer.varint(settings.topK);
  if (differs('topP')) writer.float32(settings.topP);
  if (differs('plausibility')) writer.float32(settings.plausibility);
  writeText(writer, plain.prompts.a);
  writeText(writer, plain.prompts.b);

  const shared = sharedSteps(tokens.a, tokens.b);
  const sharedDivergence = divergence && compand(divergence.a.slice(0, shared), SHARED_LEVELS, PROMPT_DIVERGENCE_TOP);
  const divergenceA = divergence && compand(divergence.a.slice(shared), SIDE_LEVELS, PROMPT_DIVERGENCE_TOP);
  const divergenceB = divergence && compand(divergence.b.slice(shared), SIDE_LEVELS, PROMPT_DIVERGENCE_TOP);
  const crossA = cross && compand(cross.a, CROSS_LEVELS, CROSS_SCORE_TOP);
  const crossB = cross && compand(cross.b, CROSS_LEVELS, CROSS_SCORE_TOP);
  for (const series of [sharedDivergence, divergenceA, divergenceB, crossA, crossB]) {
    if (series) writer.byte(series.scale);
  }
  const width = bitsPerToken(plain.codes);
  for (const token of tokens.a) writer.bits(token, width);
  for (const token of tokens.b) writer.bits(token, width);
  if (sharedDivergence && divergenceA && divergenceB) {
    for (const code of sharedDivergence.codes) writer.bits(code, 4);
    for (let i = 0; i < divergenceA.codes.length; i++) {
      writer.bits(at(divergenceA.codes, i), 2);
      writer.bits(at(divergenceB.codes, i), 2);
    }
  }
  for (const series of [crossA, crossB]) {
    for (const code of series?.codes ?? []) writer.bits(code + CROSS_LEVELS, 4);
  }
  return writer.finish();
};

/**
 * The plain comparison, its ranges not yet checked.
 * @throws MalformedBytes if the bytes end too early or cannot be a payload.
 */
export const readPayloadV1 = (bytes: Uint8Array): PlainComparison => {
  const reader = new ByteReader(bytes);
  const settingsFlags = reader.byte();
  const contentFlags = reader.byte();
  const sets = (bit: number): boolean => (settingsFlags & bit) !== 0;
  const holds = (bit: number): boolean => (contentFlags & bit) !== 0;
  const hasCross = holds(CONTENT.crossScores);
  const name = (table: readonly string[], index: number): string => {
    if (index === 0) return readText(reader, LIMITS.nameCharacters * 4);
    const entry = table[index];
    if (entry === undefined) throw new MalformedBytes('a name is outside its table');
    return entry;
  };
  const weightType = name(WEIGHT_TYPES, contentFlags >>> 4);
  const lanes = holds(CONTENT.lanes) ? reader.byte() : expectedLanes(hasCross);
  const runtimeKind = reader.byte();
  if (runtimeKind > 1) throw new MalformedBytes('an unknown kind of runtime');
  const runtime =
    runtimeKind === 1
      ? `onnxruntime-web ${reader.varint()}.${reader.varint()}.${reader.varint()}`
      : readText(reader, LIMITS.nameCharacters * 4);
  const modelName = name(MODEL_NAMES, reader.byte());
  const hash = Array.from(reader.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const rows = reader.byte();
  const columns = reader.byte();
  const codes = reader.varint() + 1;
  const steps = holds(CONTENT.unfinished) ? reader.varint() : rows * columns;
  if (codes < 2 || codes > LIMITS.codes || rows > LIMITS.rows || columns > LIMITS.columns || steps > rows * columns) {
    throw new MalformedBytes('a size is out of range');
  }
  const seed = reader.varint();
  const float = (key: 'guidanceWeight' | 'temperature' | 'topP' | 'plausibility'): number =>
    sets(SETTINGS[key]) ? shortestFloat32(reader.float32()) : UNSAID[key];
  const guidanceWeight = float('guidanceWeight');
  const temperature = float('temperature');
  const topK = sets(SETTINGS.topK) ? reader.varint() : UNSAID.topK;
  const topP = float('topP');
  const plausibility = float('plausibility');
  const prompts = { a: readText(reader, LIMITS.promptBytes), b: readText(reader, LIMITS.promptBytes) };

  const scales = (count: number, top: number): number[] =>
    Array.from({ length: count }, () => scaleOf(reader.byte(), top));
  const hasDivergence = holds(CONTENT.promptDivergence);
  const divergenceScales = scales(hasDivergence ? 3 : 0, PROMPT_DIVERGENCE_TOP);
  const crossScales = scales(hasCross ? 2 : 0, CROSS_SCORE_TOP);
  const width = bitsPerToken(codes);
  const bits = steps * (2 * width + (hasDivergence ? 4 : 0) + (hasCross ? 8 : 0));
  if (reader.remaining !== Math.ceil(bits / 8)) throw new MalformedBytes('the bytes do not fit the number of steps');
  const readTokens = (): number[] => Array.from({ length: steps }, () => reader.bits(width));
  const tokens = { a: readTokens(), b: readTokens() };

  const trace: PlainComparison['trace'] = { precision: 'rounded' };
  if (hasDivergence) {
    const shared = sharedSteps(tokens.a, tokens.b);
    const sharedLevels = levelsOf(at(divergenceScales, 0), SHARED_LEVELS);
    const levelsA = levelsOf(at(divergenceScales, 1), SIDE_LEVELS);
    const levelsB = levelsOf(at(divergenceScales, 2), SIDE_LEVELS);
    const a: number[] = [];
    const b: number[] = [];
    for (let step = 0; step < steps; step++) {
      const both = step < shared ? at(sharedLevels, reader.bits(4)) : null;
      a.push(both ?? at(levelsA, reader.bits(2)));
      b.push(both ?? at(levelsB, reader.bits(2)));
    }
    trace.promptDivergenceBits = { a, b };
  }
  if (hasCross) {
    const readScores = (scale: number): number[] => {
      const levels = levelsOf(scale, CROSS_LEVELS);
      return Array.from({ length: steps }, () => {
        const code = reader.bits(4) - CROSS_LEVELS;
        return code < 0 ? -at(levels, -code) : at(levels, code);
      });
    };
    trace.crossScoreBits = { a: readScores(at(crossScales, 0)), b: readScores(at(crossScales, 1)) };
  }
  return {
    model: { name: modelName, hash },
    prompts,
    settings: {
      seed,
      coupling: sets(SETTINGS.independent) ? 'independent' : 'coupled',
      guidanceWeight,
      temperature,
      topK,
      topP,
      plausibility,
      greedy: sets(SETTINGS.greedy),
    },
    grid: { rows, columns },
    codes,
    tokens,
    trace,
    provenance: {
      executionProvider: sets(SETTINGS.wasm) ? 'wasm' : 'webgpu',
      weightType,
      runtime,
      lanes,
      adapter: null,
    },
  };
};
