import { counted } from './counting-words';
import { ModelError } from './model-errors';
import { reasonOf } from './runtime-message';

/** Everything that can go wrong, as the rest of the program may tell it apart. */
export const ERROR_CODES = [
  'no-webgpu',
  'no-adapter',
  'no-shader-f16',
  'limits-too-small',
  'beyond-processor',
  'device-lost',
  'model-unknown',
  'model-missing',
  'model-truncated',
  'model-altered',
  'model-damaged',
  'model-refused',
  'model-too-new',
  'model-pointer',
  'model-no-onnx',
  'model-outside',
  'model-architecture',
  'model-vocabulary',
  'model-mismatch',
  'hub-unknown',
  'no-permission',
  'server-busy',
  'not-listed',
  'network',
  'out-of-memory',
  'storage-full',
  'bad-settings',
  'bad-request',
  'empty-prompt',
  'prompt-too-long',
  'not-loaded',
  'busy',
  'aborted',
  'disposed',
  'worker-missing',
  'worker-crashed',
  'too-slow',
  'failed',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Plain details that survive the way out of a worker. */
export type ErrorData = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a person was doing when it went wrong, and so what can be done about it. */
export type Doing =
  | 'drawing'
  | 'running a benchmark'
  | 'asking a judge'
  | 'reading a page'
  | 'looking a model up'
  | 'downloading'
  | 'choosing a stored model'
  | 'choosing a folder'
  | 'giving a command';

interface Words {
  readonly message: (data: ErrorData) => string;
  readonly hint: string | ((doing: Doing) => string);
}

/** How it is tried again. */
const AGAIN: Readonly<Record<Doing, string>> = {
  drawing: 'press Run to try again',
  'running a benchmark': 'press Go on; what is drawn is kept',
  'asking a judge': 'press Ask again',
  'reading a page': 'reload the page',
  'looking a model up': 'press Look again',
  downloading: 'press Download again; what has arrived is kept',
  'choosing a stored model': 'choose it again',
  'choosing a folder': 'choose the folder again',
  'giving a command': 'give the command again',
};

/** The same as the beginning of a sentence. */
const again = (doing: Doing) => AGAIN[doing].charAt(0).toUpperCase() + AGAIN[doing].slice(1);

const ON_THE_PAGE = 'Reload the page; a model of your own is looked up or chosen again under Other models.';

/** How a model gets a file that it lacks, or a right one for one that is not. */
const RENEW: Readonly<Record<Doing, string>> = {
  drawing: ON_THE_PAGE,
  'running a benchmark': ON_THE_PAGE,
  'asking a judge': ON_THE_PAGE,
  'reading a page': ON_THE_PAGE,
  'looking a model up': 'Give another revision, or another model.',
  downloading: 'Press Download again; only what is not right yet is fetched.',
  'choosing a stored model': 'Look the model up again and press Download; what is here is kept.',
  'choosing a folder': 'Put that file of the same model into the folder and choose it again.',
  'giving a command': 'Put that file of the same model into its folder, or give another model.',
};

const hintOf = (hint: Words['hint'], doing: Doing): string => (typeof hint === 'string' ? hint : hint(doing));

const text = (value: ErrorData[string] | undefined, otherwise: string) =>
  value === undefined ? otherwise : String(value);
/** After "The model file": its name; without one it is the list of a model's files that was asked for. */
const file = (data: ErrorData) =>
  text(data.file, data.model === undefined ? 'that was asked for' : `list of "${text(data.model, '')}"`);
/** The program fetches its own runtime as it fetches models. */
const fileNoun = (data: ErrorData) => (text(data.file, '').endsWith('.wasm') ? "The program's file" : 'The model file');
const size = (bytes: number) => {
  if (bytes < 1e6) return `${bytes.toLocaleString('en')} bytes`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
};

/** One sentence for people and one way on, for every code. */
const WORDS: Record<ErrorCode, Words> = {
  'no-webgpu': {
    message: () => 'This browser does not offer WebGPU.',
    hint: 'The processor draws instead, more slowly; a current Chrome, Edge, Safari or Firefox may offer WebGPU.',
  },
  'no-adapter': {
    message: () => 'WebGPU is there, but no graphics adapter answered.',
    hint: 'The processor draws instead; check that hardware acceleration is switched on in the browser.',
  },
  'no-shader-f16': {
    message: (data) =>
      `The graphics adapter has no 16-bit arithmetic (shader-f16)${data.file === undefined ? '' : `, which ${text(data.file, '')} needs`}.`,
    hint: 'The embedded model does not need it and runs in 32 bits.',
  },
  'limits-too-small': {
    message: (data) =>
      `The graphics adapter's limit ${text(data.limit, 'on buffers')} is too small for ${data.file === undefined ? 'this model' : text(data.file, '')}` +
      (typeof data.needed === 'number' && typeof data.offered === 'number'
        ? `, which takes a buffer of ${size(data.needed)}, and it offers ${size(data.offered)}.`
        : '.'),
    hint: 'The processor draws instead, more slowly.',
  },
  'beyond-processor': {
    message: (data) =>
      `${data.gpu === undefined ? '' : `${text(data.gpu, '')} `}On the processor this model would take ${size(Number(data.needed))}, and WebAssembly ends at ${size(Number(data.offered))}.`,
    hint: 'It needs a graphics processor with WebGPU; choose another model, or draw where there is one.',
  },
  'device-lost': {
    message: () => 'The graphics device was lost and could not be had back.',
    hint: (doing) => `${again(doing)}.${doing === 'drawing' ? ' The processor can be chosen in the model panel.' : ''}`,
  },
  'model-unknown': {
    message: (data) =>
      data.detail === undefined
        ? `There is no model "${text(data.model, '')}" here.`
        : `There is no model "${text(data.model, '')}" here: its hash is that of "${text(data.detail, '')}".`,
    hint: 'Ask where it came from which model that is, or choose one of the models here.',
  },
  'model-missing': {
    message: (data) => `${fileNoun(data)} ${file(data)} is missing.`,
    hint: (doing) => RENEW[doing],
  },
  'model-truncated': {
    message: (data) =>
      `${fileNoun(data)} ${file(data)} arrived incomplete` +
      (typeof data.receivedBytes === 'number' && typeof data.expectedBytes === 'number'
        ? `: ${size(data.receivedBytes)} of ${size(data.expectedBytes)}.`
        : '.'),
    hint: (doing) => `Check the connection and ${AGAIN[doing]}.`,
  },
  'model-altered': {
    message: (data) => `The model file ${file(data)} is not the one its manifest names: its SHA-256 differs.`,
    hint: (doing) => RENEW[doing],
  },
  'model-damaged': {
    message: (data) =>
      `The model file ${file(data)} cannot be read${data.detail === undefined ? '' : ` (${text(data.detail, '')})`}.`,
    hint: (doing) => RENEW[doing],
  },
  'model-refused': {
    message: (data) => `ONNX Runtime refuses ${file(data)}: ${text(data.detail, 'it gives no reason')}.`,
    hint: 'Export the model again for ONNX Runtime, or choose another folder.',
  },
  'model-too-new': {
    message: (data) =>
      `The model file ${file(data)} is too new: it is written in ${text(data.detail, 'a later version of ONNX')}, which this program's ONNX Runtime does not read.`,
    hint: 'Export the model again with an older opset, or look for a newer version of this program.',
  },
  'model-pointer': {
    message: (data) =>
      `The model file ${file(data)} is only a pointer of git-lfs: what it points to is not in the folder.`,
    hint: (doing) => `Type git lfs pull in its folder, or download the file itself, and ${AGAIN[doing]}.`,
  },
  'model-no-onnx': {
    message: (data) =>
      `The folder${data.model === undefined ? '' : ` ${text(data.model, '')}`} holds weights for other programs (${text(data.file, 'not in ONNX')}) and no ONNX files, which this one needs.`,
    hint: "Choose the model's ONNX export, a folder with onnx/language_model.onnx or the like in it.",
  },
  'model-outside': {
    message: (data) =>
      `The model file ${file(data)} keeps weights outside the model's folder, at ${text(JSON.stringify(data.detail), 'another place')}, where nothing is read.`,
    hint: 'Export the model again with its weights beside its graphs.',
  },
  'model-architecture': {
    message: (data) =>
      `The model file ${file(data)} is of ${data.detail ? `a "${text(data.detail, '')}" model` : 'an unknown model'}, not of a Janus.`,
    hint: 'Choose the folder of a Janus model with its ONNX files.',
  },
  'model-vocabulary': {
    message: (data) =>
      `The model file ${file(data)} has no token ${text(data.detail, 'for images')}, so it is not a Janus's vocabulary.`,
    hint: 'Put the tokenizer.json of the same model into the folder.',
  },
  'model-mismatch': {
    message: (data) =>
      `The model file ${file(data)} does not fit the others: ${text(data.detail, 'it is of another model')}.`,
    hint: 'Use files of one model that were exported together.',
  },
  'hub-unknown': {
    message: (data) =>
      data.revision === undefined
        ? `The hub has no public model "${text(data.model, '')}".`
        : `The model "${text(data.model, '')}" has no revision "${text(data.revision, '')}".`,
    hint: 'Check the spelling: an owner, a slash, a name, and a branch, tag or commit.',
  },
  'no-permission': {
    message: (data) => `The server does not give ${text(data.file ?? data.model, 'the model')} to everybody.`,
    hint: 'Download it there with your own account and choose the folder on this computer.',
  },
  'server-busy': {
    message: (data) =>
      `The server would not send ${text(data.file ?? data.model, 'the model')} now: it has had too many requests.`,
    hint: (doing) => `Wait a few minutes and ${AGAIN[doing]}.`,
  },
  'not-listed': {
    message: (data) => `The folder ${text(data.model, '')} has no manifest.json, so its files could not be checked.`,
    hint: 'Give the folder of a model that was exported with one, or download it and choose the folder on this computer.',
  },
  network: {
    message: (data) =>
      `${fileNoun(data)} ${file(data)} could not be fetched: ${text(data.detail, 'the connection failed')}.`,
    hint: (doing) =>
      `Check the connection and ${AGAIN[doing]}${doing === 'drawing' ? '; recorded comparisons work without it' : ''}.`,
  },
  'out-of-memory': {
    message: (data) =>
      data.file === undefined
        ? 'There was not enough memory to run the model.'
        : `There was not enough memory for ${text(data.file, '')}${typeof data.bytes === 'number' ? ` (${size(data.bytes)})` : ''}.`,
    hint: (doing) => `Close ${doing === 'giving a command' ? 'other programs' : 'other tabs'} and ${AGAIN[doing]}.`,
  },
  'storage-full': {
    message: () => 'This browser would not store the model.',
    hint: 'It works from memory now and will be downloaded again on the next visit.',
  },
  'bad-settings': {
    message: (data) => text(data.problems, 'A setting is out of its range.'),
    hint: (doing) => `Correct the setting and ${doing === 'giving a command' ? AGAIN[doing] : 'press Run'}.`,
  },
  'bad-request': {
    message: (data) => text(data.problem, 'The request does not fit this model.'),
    hint: 'Use a comparison that was made with this model.',
  },
  'empty-prompt': {
    message: (data) => `Prompt ${text(data.side, '')} has no words.`,
    hint: 'Type something to draw in both prompts.',
  },
  'prompt-too-long': {
    message: (data) =>
      `Prompt ${text(data.side, '')} is too long: it takes ${text(data.tokens, 'more')} text tokens, and this model has room for ${text(data.room, 'fewer')}.`,
    hint: 'Shorten the prompt.',
  },
  'not-loaded': { message: () => 'The model is not loaded yet.', hint: 'Load it first.' },
  busy: {
    message: () => 'The model is drawing something else.',
    hint: 'Stop that drawing first, or wait until it is done.',
  },
  aborted: {
    message: () => 'Stopped.',
    hint: (doing) => (doing === 'drawing' ? 'Press Run to draw again.' : `To go on, ${AGAIN[doing]}.`),
  },
  disposed: {
    message: () => 'The model was unloaded.',
    hint: (doing) => (doing === 'drawing' ? 'Press Run to load it again.' : `To load it again, ${AGAIN[doing]}.`),
  },
  'worker-missing': {
    message: () => 'The part of this program that draws could not start: its script could not be fetched.',
    hint: (doing) =>
      `Check the connection and ${AGAIN[doing]}${doing === 'drawing' ? '; recorded comparisons work without it' : ''}.`,
  },
  'worker-crashed': {
    message: () => 'The drawing process ended unexpectedly, more than once.',
    hint: (doing) =>
      `${again(doing)}. If it happens again, ${doing === 'giving a command' ? 'give another model' : 'reload the page'}.`,
  },
  'too-slow': {
    message: (data) =>
      `${text(data.what, 'The model')} took more than ${typeof data.seconds === 'number' ? counted(data.seconds, 'second') : 'its time'} and was stopped.`,
    hint: 'The files may be made so that they come to no end: use those of a model that you trust, or a smaller one.',
  },
  failed: {
    message: (data) =>
      `${data.file === undefined ? 'The model' : `The model file ${text(data.file, '')}`} failed: ${text(data.detail, 'no reason was given')}.`,
    hint: (doing) =>
      doing === 'giving a command'
        ? 'Give the command again; if it fails again, give another model.'
        : `To try once more, ${AGAIN[doing]}. If it happens again, reload the page.`,
  },
};

/** The sentence and the way on of a code, for problems that are shown without being thrown. */
export function describe(
  code: ErrorCode,
  data: ErrorData = {},
  doing: Doing = 'drawing',
): { readonly message: string; readonly hint: string } {
  return { message: WORDS[code].message(data), hint: hintOf(WORDS[code].hint, doing) };
}

/** The one error class of the engine: `message` is a sentence for people, `hint` says what they can do on the bench, `hintWhile` elsewhere. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly hint: string;

  constructor(
    readonly code: ErrorCode,
    readonly data: ErrorData = {},
    options?: ErrorOptions,
  ) {
    super(describe(code, data).message, options);
    this.hint = this.hintWhile('drawing');
  }

  hintWhile(doing: Doing): string {
    return hintOf(WORDS[this.code].hint, doing);
  }
}

/** An error on its way between threads: structured clone drops classes and members of errors. */
export interface WireError {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

export const toWire = (error: unknown): WireError => {
  const { code, data } = toEngineError(error);
  return { code, data };
};

export const fromWire = ({ code, data }: WireError): EngineError => new EngineError(code, data);

const OUT_OF_MEMORY =
  /out of memory|bad_alloc|Array buffer allocation failed|failed to allocate|Cannot enlarge memory|Tensor shape is too large|OOM/i;
const DEVICE_LOST = /device (?:is |was )?lost|GPU device|external Instance reference|device was destroyed/i;

/** A thrown value as an EngineError that says, where memory ran out, for what and how much of it. */
export function namingMemory(thrown: unknown, file: string, bytes: number): EngineError {
  const error = toEngineError(thrown);
  return error.code === 'out-of-memory' && error.data.file === undefined
    ? new EngineError('out-of-memory', { ...error.data, file, bytes }, { cause: thrown })
    : error;
}

/** What a thrown value says; nothing where it cannot say it, since anything may be thrown. */
function saidBy(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return '';
  }
}

/** Any thrown value as an EngineError. */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof ModelError) return new EngineError(error.code, { ...error.data }, { cause: error });
  // A bare number is a C++ exception that crossed WebAssembly: nearly always memory.
  if (typeof error === 'number') return new EngineError('out-of-memory', { exception: error });
  const detail = saidBy(error);
  if (error instanceof Error && error.name === 'AbortError') return new EngineError('aborted', {}, { cause: error });
  if (OUT_OF_MEMORY.test(detail) || /^\d+$/.test(detail))
    return new EngineError('out-of-memory', { detail }, { cause: error });
  if (DEVICE_LOST.test(detail)) return new EngineError('device-lost', { detail }, { cause: error });
  return new EngineError('failed', { detail: reasonOf(detail) || 'no reason was given' }, { cause: error });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EngineError('aborted', {}, { cause: signal.reason });
}
