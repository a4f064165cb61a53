import { basename } from 'node:path';
import * as z from '@/lib/schema';
import { appendPlain, readPlain, writeWhole } from './plain-files';

const NEWLINE = 10;

/** A file that grows by lines of JSON. What a crash left unfinished at its end is forgotten; damaged lines are named and taken out. */
export class Journal<T> {
  constructor(
    private readonly path: string,
    private readonly schema: z.ZodMiniType<T>,
  ) {}

  /** What its lines hold; `onDamaged` hears of each line that holds nothing of use. @throws UsageError */
  read(onDamaged: (where: string) => void): T[] {
    const bytes = readPlain(this.path);
    if (bytes === null) return [];
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    const values: T[] = [];
    const good = lines.filter((line, number) => {
      const parsed = z.parseJson(line, this.schema);
      if (parsed.ok) values.push(parsed.value);
      else onDamaged(`Line ${number + 1} of ${basename(this.path)} cannot be used (${parsed.error.reason})`);
      return parsed.ok;
    });
    if (good.length < lines.length || end < bytes.length)
      writeWhole(this.path, good.map((line) => `${line}\n`).join(''));
    return values;
  }

  add(value: T): void {
    appendPlain(this.path, `${JSON.stringify(value)}\n`);
  }
}
