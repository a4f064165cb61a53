import { existsSync, readdirSync, readFileSync } from 'node:fs';

const text = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** What the system counted for the processes of one kind (`renderer`, `gpu-process`) below a process; null where there is no /proc to ask. */
export function usage(pid, kind) {
  if (!existsSync('/proc/self/status')) return null;
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(
    processes.map((each) => [each, Number(/^PPid:\s+(\d+)/m.exec(text(`/proc/${each}/status`))?.[1])]),
  );
  const isBelow = (each) => each === pid || (parents.get(each) > 0 && isBelow(parents.get(each)));
  const total = { peakBytes: 0, processorMs: 0 };
  for (const each of processes) {
    if (!isBelow(each) || !text(`/proc/${each}/cmdline`).includes(`--type=${kind}`)) continue;
    total.peakBytes = Math.max(
      total.peakBytes,
      1024 * Number(/^VmHWM:\s+(\d+)/m.exec(text(`/proc/${each}/status`))?.[1] ?? 0),
    );
    // After the name in brackets: state, ..., user and system time in hundredths of a second.
    const fields = text(`/proc/${each}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    total.processorMs += 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
  }
  return total;
}
