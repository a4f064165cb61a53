/** U+2212, as wide as a plus sign. */
const MINUS = '−';
const UNBOUNDED = 1e9;

const plain = (value: number, digits: number): string => {
  const text = Math.abs(value).toFixed(digits);
  // A rounded zero has no sign.
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
};

/** A number that is not known is shown as a dash. */
export const formatNumber = (value: number | undefined, digits: number): string => {
  if (value === undefined || Number.isNaN(value)) return '–';
  // Graphs mask with large finite numbers: a gap to a masked token is without bound.
  if (Math.abs(value) >= UNBOUNDED) return value < 0 ? `${MINUS}∞` : '∞';
  return plain(value, digits);
};

/** With its sign always shown, for quantities whose sign carries meaning. */
export const formatSigned = (value: number | undefined, digits: number): string => {
  const text = formatNumber(value, digits);
  return value !== undefined && value > 0 && Number(text) !== 0 ? `+${text}` : text;
};

/** Probabilities from 0 to 1; what rounds to 0 or to 1 without being it says so. */
export const formatProbability = (value: number | undefined, digits = 2): string => {
  if (value === undefined || Number.isNaN(value)) return '–';
  const step = 10 ** -digits;
  if (value > 0 && value < step / 2) return `<${step.toFixed(digits).slice(1)}`;
  if (value < 1 - 1e-6 && value > 1 - step / 2) return `>${(1 - step).toFixed(digits).slice(1)}`;
  return value.toFixed(digits);
};

/** As short as a cell of a map allows. */
export const formatCell = (value: number): string => formatNumber(value, Math.abs(value) < 9.95 ? 1 : 0);

export const formatPercent = (share: number): string => {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return '<1 %';
  return `${Math.round(percent)} %`;
};

export const formatSeconds = (ms: number): string =>
  ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
