import { expect, test } from './support/test';

const overflow = () => ({
  right: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  down: document.documentElement.scrollHeight - document.documentElement.clientHeight,
});

test.describe('a projector', () => {
  test.use({ viewport: { width: 1280, height: 720 } });

  test('shows the whole bench without scrolling, with a locked cell too', async ({ bench, page }) => {
    expect(await page.evaluate(overflow)).toEqual({ right: 0, down: 0 });
    await expect(bench.summary).toBeInViewport({ ratio: 1 });
    await expect(bench.playhead).toBeInViewport({ ratio: 1 });
    const places = async () => [await bench.picture.a.boundingBox(), await bench.picture.b.boundingBox()];
    const before = await places();
    expect(Math.min(...before.map((box) => box?.width ?? 0))).toBeGreaterThanOrEqual(300);
    const { grid } = await bench.comparison();
    await bench.clickCell('a', 3 * grid.columns + 3, grid);
    await expect(bench.inspector).toContainText('locked');
    expect(await page.evaluate(overflow)).toEqual({ right: 0, down: 0 });
    expect(await places()).toEqual(before);
  });
});

for (const { name, width, height } of [
  { name: 'a phone', width: 390, height: 844 },
  { name: 'a page at 400 % (320 pixels wide)', width: 320, height: 640 },
]) {
  test.describe(name, () => {
    test.use({ viewport: { width, height } });

    test('stacks and never scrolls sideways', async ({ bench, page }) => {
      expect((await page.evaluate(overflow)).right).toBe(0);
      const a = await bench.picture.a.boundingBox();
      const b = await bench.picture.b.boundingBox();
      expect(a?.y).toBe(b?.y);
      expect(a?.width).toBeGreaterThanOrEqual(width < 390 ? 140 : 160);
      const { grid } = await bench.comparison();
      await bench.clickCell('a', grid.columns + 1, grid);
      await bench.inspector.scrollIntoViewIfNeeded();
      await expect(bench.inspector).toBeInViewport();
      await bench.shareDialog.open();
      expect((await page.evaluate(overflow)).right).toBe(0);
      const dialog = await bench.shareDialog.dialog.boundingBox();
      expect(dialog?.x).toBeGreaterThanOrEqual(0);
      expect((dialog?.x ?? 0) + (dialog?.width ?? width)).toBeLessThanOrEqual(width);
    });
  });
}
