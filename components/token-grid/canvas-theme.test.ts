import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, mix, parseHex, readableOn, type Rgb } from './canvas-theme';

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');

const palette = (selector: string): ((name: string) => Rgb) => {
  const block = css.slice(css.indexOf(`${selector} {`));
  return (name) => {
    const colour = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block.slice(0, block.indexOf('}')))?.[1];
    if (colour === undefined) throw new Error(`No colour ${name} in ${selector}.`);
    return parseHex(colour);
  };
};

describe('colours on canvases', () => {
  it('knows the extremes of contrast', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([9, 9, 9], [9, 9, 9])).toBe(1);
  });

  it.each([':root', ":root[data-theme='dark']"])('marks reach 3:1 on the panel of %s', (selector) => {
    const colour = palette(selector);
    for (const name of ['a', 'b', 'd', 'neg', 'ink', 'edge']) {
      expect(contrast(colour(name), colour('panel')), name).toBeGreaterThanOrEqual(3);
    }
  });

  it.each([':root', ":root[data-theme='dark']"])('numbers reach 4.5:1 on every shade of a map in %s', (selector) => {
    const colour = palette(selector);
    fc.assert(
      fc.property(fc.constantFrom('d', 'neg', 'mut'), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
        const fill = mix(colour('panel'), colour(name), share);
        expect(contrast(fill, readableOn(fill, [255, 255, 255], [0, 0, 0]))).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('marks on pictures stand out from their halo', () => {
    const halo: Rgb = [255, 255, 255];
    for (const mark of ['#2456d6', '#b4520c']) {
      expect(contrast(parseHex(mark), halo)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
