import { describe, expect, it } from 'vitest';
import { formatBytes, formatWait } from './format';

describe('bytes and waits', () => {
  it('reads well at every size', () => {
    expect([0, 640_000, 8_400_000, 712_000_000, 10_737_000_000].map(formatBytes)).toEqual([
      '0 kB',
      '640 kB',
      '8.4 MB',
      '712 MB',
      '10.7 GB',
    ]);
    expect([0.2, 12.4, 89, 150].map(formatWait)).toEqual(['a second', '12 s', '89 s', '3 min']);
  });
});
