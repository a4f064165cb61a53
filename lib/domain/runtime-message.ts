/** Far longer than any reason; what scans a message stays quick. */
const MAX_MESSAGE = 8000;
/** As much of a reason as fits a sentence. */
const MAX_REASON = 300;

/** What ONNX Runtime's bindings say before the message of the C++ code. */
const PREFIX =
  /^(?:Can't create a session\.|failed to call \w+\(\)\.)? *(?:ERROR_CODE: \d+, ERROR_MESSAGE:|no available backend found\. ERR: \[\w+\](?: \w*Error:)?) */i;
const STATUS = /\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g;
/** The end of a place in the runtime's sources: a kind of file, and a line. */
const LINE = /\.(?:cc|cpp|cxx|cu|h|hpp|inc):\d{1,9} /;
/** The beginning of a function's signature, up to its arguments, or a function's bare name. */
const SIGNATURE = /^(?:[\w:*&<>~,[\]]+ )*[\w:*&<>~,[\]]*(?:\w|>|::)\(/;
const NAME = /^\w+ /;

/** Where the parenthesis that opens at `from` is closed; the end of the text where it never is. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Where the path begins whose file's name ends at `end`; a name without folders may follow a full stop. */
function pathStart(text: string, end: number): number {
  const before = (from: number, takes: RegExp) => {
    let at = from;
    while (at > 0 && takes.test(text[at - 1] as string)) at--;
    return at;
  };
  const name = before(end, /[\w-]/);
  if (!/[/\\]/.test(text[name - 1] ?? '')) return name;
  const start = before(name, /[^\s:"'()]/);
  return /(?:^| )[A-Za-z]:$/.test(text.slice(Math.max(0, start - 3), start)) ? start - 2 : start;
}

/** The text without the C++ function with which it begins. */
function afterFunction(text: string): string {
  const signature = SIGNATURE.exec(text);
  if (!signature) return text.replace(NAME, '');
  let at = closing(text, signature[0].length - 1);
  // `(anonymous namespace)::f(int)` and `operator()(int)` go on after the first pair.
  while (at < text.length && text[at] !== ' ') {
    const next = text.indexOf('(', at);
    const space = text.indexOf(' ', at);
    if (next < 0 || (space >= 0 && space < next)) break;
    at = closing(text, next);
  }
  return text.slice(at).replace(/^ *(?:const\b)? *(?:\[with [^\]]*\])? */, '');
}

/**
 * The reason in a message of ONNX Runtime: without error codes, without the paths and functions of the machine that built it, on one line, and short enough for a
 * sentence, without its full stop. Other messages stay as they are but for that.
 */
export function reasonOf(message: string): string {
  let text = message.slice(0, MAX_MESSAGE).replace(/\s+/g, ' ').trim().replace(PREFIX, '');
  for (let line = LINE.exec(text); line; line = LINE.exec(text))
    text = `${text.slice(0, pathStart(text, line.index))} ${afterFunction(text.slice(line.index + line[0].length))}`;
  text = text.replace(STATUS, '').replace(/\s+/g, ' ').trim();
  return (text.length > MAX_REASON ? `${text.slice(0, MAX_REASON - 1).trimEnd()}…` : text).replace(/\.$/, '');
}
