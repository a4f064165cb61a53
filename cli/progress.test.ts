import { expect, test } from 'vitest';
import { ProgressLine } from './progress';

const written = (isTTY: boolean) => {
  const texts: string[] = [];
  let time = 0;
  const line = new ProgressLine({ isTTY, write: (text) => texts.push(text) }, () => time);
  return { texts, line, pass: (ms: number) => void (time += ms) };
};

test('a terminal sees every step in one line, which ends before anything else is said', () => {
  const { texts, line } = written(true);
  line.show('step 10 of 144');
  line.show('step 11 of 144');
  line.end();
  line.end();
  expect(texts).toEqual(['\r\u001b[Kstep 10 of 144', '\r\u001b[Kstep 11 of 144', '\n']);
});

test('a file sees a line every ten seconds, and none of what is soon done', () => {
  const { texts, line, pass } = written(false);
  for (let step = 1; step <= 50; step++) {
    pass(500);
    line.show(`step ${step}`);
  }
  line.end();
  expect(texts).toEqual(['step 20\n', 'step 40\n']);
});
