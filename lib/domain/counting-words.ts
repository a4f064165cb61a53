/** Numbers as a short list, e.g. `0, 4 and 17 more`. */
export function listed(numbers: readonly number[], shown = 5): string {
  const [first, rest] = [numbers.slice(0, shown), numbers.length - shown];
  if (rest > 0) return `${first.join(', ')} and ${rest.toLocaleString('en')} more`;
  return first.length < 2 ? first.join('') : `${first.slice(0, -1).join(', ')} and ${String(first.at(-1))}`;
}

export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
