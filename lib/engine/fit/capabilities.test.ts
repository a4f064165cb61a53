import { testModel } from '@/lib/models/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '@/lib/models';
import { largestBuffers, probeCapabilities } from './capabilities';

describe('capabilities', () => {
  const manifest = parseManifest(readFileSync(testModel('tiny-model', 'manifest.json')));

  test('without WebGPU say so, with a way on', async () => {
    const report = await probeCapabilities(manifest);
    expect(report.webgpu).toBe(false);
    expect(report.problems.map(({ code }) => code)).toContain('no-webgpu');
    for (const { message, hint } of report.problems)
      expect([message, hint].every((text) => text.endsWith('.'))).toBe(true);
  });

  test('count the largest buffer of a model', () => {
    expect(largestBuffers(manifest)).toBe(Math.max(manifest.files.weights.bytes, 6 * 2 * 56 * 16 * 4));
  });
});
