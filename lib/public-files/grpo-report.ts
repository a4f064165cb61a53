import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GrpoReport, parseGrpoReport } from '@/lib/grpo';

/** The report of the experiment with Pair-GRPO; null where none is part of this copy. */
export const grpoReport = async (): Promise<GrpoReport | null> => {
  try {
    return parseGrpoReport(await readFile(join(process.cwd(), 'public', 'grpo', 'report.json'), 'utf8'));
  } catch {
    return null;
  }
};
