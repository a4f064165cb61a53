import { describe, expect, it } from 'vitest';
import { formatCell, formatNumber, formatPercent, formatProbability, formatSeconds, formatSigned } from './format';

describe('numbers on screen', () => {
  it('uses a true minus sign and gives a rounded zero none', () => {
    expect(formatNumber(-1.25, 1)).toBe('−1.3');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatSigned(0.001, 2)).toBe('0.00');
    expect(formatSigned(5.7, 1)).toBe('+5.7');
  });

  it('shows what has no bound as such', () => {
    expect(formatNumber(1.0000000150474662e30, 2)).toBe('∞');
    expect(formatNumber(-Infinity, 2)).toBe('−∞');
  });

  it('shows a dash for what is not known', () => {
    expect(formatNumber(Number.NaN, 2)).toBe('–');
    expect(formatSigned(undefined, 2)).toBe('–');
    expect(formatProbability(undefined)).toBe('–');
  });

  it('tells a small probability from zero and a large one from one', () => {
    expect(formatProbability(0.9996)).toBe('>.99');
    expect(formatProbability(1)).toBe('1.00');
    expect(formatProbability(0)).toBe('0.00');
    expect(formatProbability(0.001)).toBe('<.01');
    expect(formatProbability(0.427)).toBe('0.43');
  });

  it('keeps map numbers to three signs and a minus', () => {
    expect(formatCell(-2.04)).toBe('−2.0');
    expect(formatCell(12.4)).toBe('12');
  });

  it('rounds shares and times', () => {
    expect(formatPercent(0.894)).toBe('89 %');
    expect(formatPercent(0.004)).toBe('<1 %');
    expect(formatSeconds(2140)).toBe('2.1 s');
    expect(formatSeconds(12_400)).toBe('12 s');
  });
});
