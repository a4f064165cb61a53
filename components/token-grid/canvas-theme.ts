/** The page's colours, as canvases need them. Each is `#rrggbb`. */
export interface CanvasTheme {
  readonly panel: string;
  readonly soft: string;
  readonly ink: string;
  readonly mut: string;
  readonly line: string;
  readonly edge: string;
  readonly a: string;
  readonly b: string;
  readonly d: string;
  readonly neg: string;
}

let cached: CanvasTheme | null = null;
const listeners = new Set<() => void>();

const forget = (): void => {
  cached = null;
  for (const listener of listeners) listener();
};

let stopWatching: (() => void) | null = null;

const watch = (): (() => void) => {
  const attribute = new MutationObserver(forget);
  attribute.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const preference = window.matchMedia('(prefers-color-scheme: dark)');
  preference.addEventListener('change', forget);
  return () => {
    attribute.disconnect();
    preference.removeEventListener('change', forget);
  };
};

/** Calls `listener` when light and dark change places. */
export const onThemeChange = (listener: () => void): (() => void) => {
  if (listeners.size === 0) {
    cached = null;
    stopWatching = watch();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stopWatching?.();
      stopWatching = null;
    }
  };
};

/** Current colours; the same object until the theme changes. */
export const canvasTheme = (): CanvasTheme => {
  if (cached === null) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: keyof CanvasTheme): string => style.getPropertyValue(`--${name}`).trim();
    cached = {
      panel: colour('panel'),
      soft: colour('soft'),
      ink: colour('ink'),
      mut: colour('mut'),
      line: colour('line'),
      edge: colour('edge'),
      a: colour('a'),
      b: colour('b'),
      d: colour('d'),
      neg: colour('neg'),
    };
  }
  return cached;
};

export type Rgb = readonly [red: number, green: number, blue: number];

export const parseHex = (colour: string): Rgb => {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

export const mix = (from: Rgb, to: Rgb, share: number): Rgb => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
];

export const cssColour = ([red, green, blue]: Rgb): string =>
  `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`;

/** Relative luminance of WCAG 2.2, 0 ... 1. */
export const luminance = (colour: Rgb): number => {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
};

/** Contrast ratio of WCAG 2.2, 1 ... 21. */
export const contrast = (one: Rgb, other: Rgb): number => {
  const [first, second] = [luminance(one), luminance(other)];
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
};

/** Of two colours the one that reads better on `ground`. */
export const readableOn = (ground: Rgb, one: Rgb, other: Rgb): Rgb =>
  contrast(ground, one) >= contrast(ground, other) ? one : other;
