/**
 * Damerau-Levenshtein distance (insertion, deletion, replacement, swap of neighbours; optimal string alignment) over characters,
 * or any number above `limit` as soon as it must exceed it.
 */
export function editDistance(a: string, b: string, limit = Infinity): number {
  const s = [...a];
  const t = [...b];
  if (Math.abs(s.length - t.length) > limit) return limit + 1;
  let older: number[] = [];
  let old = t.map((_, j) => j).concat(t.length);
  for (let i = 1; i <= s.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= t.length; j++) {
      let value = Math.min(old[j]! + 1, row[j - 1]! + 1, old[j - 1]! + (s[i - 1] === t[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && s[i - 1] === t[j - 2] && s[i - 2] === t[j - 1]) value = Math.min(value, older[j - 2]! + 1);
      row.push(value);
      best = Math.min(best, value);
    }
    if (best > limit) return limit + 1;
    older = old;
    old = row;
  }
  return old[t.length]!;
}
