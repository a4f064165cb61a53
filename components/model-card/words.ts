/** `56.7 %`, with one digit as far as a share was measured. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `56.7 ± 2.9 %`; without a standard error the share alone. */
export const percentWithError = ({
  right,
  standardError,
}: {
  readonly right: number;
  readonly standardError?: number | undefined;
}): string =>
  standardError === undefined ? percent(right) : `${(100 * right).toFixed(1)} ± ${(100 * standardError).toFixed(1)} %`;

/** `Color` for `Color difference`, as PairComp names its categories. */
export const shortCategory = (category: string): string => category.replace(/ difference$/, '');

const settingNames: Readonly<Record<string, string>> = {
  guidance: 'guidance',
  guidanceWeight: 'guidance',
  mask: 'plausibility',
  plausibility: 'plausibility',
  temperature: 'temperature',
  topK: 'top-k',
  topP: 'top-p',
  coupling: 'noise',
};

/** The settings of a report in one line: those that a person knows by name. */
export const settingsLine = (settings: Readonly<Record<string, number | string | boolean | null>>): string =>
  Object.entries(settings)
    // Zero and one switch these off, as in the bench.
    .filter(([key, value]) => !(key === 'topK' && value === 0) && !(key === 'topP' && value === 1))
    .flatMap(([key, value]) =>
      settingNames[key] === undefined || value === null ? [] : [`${settingNames[key]} ${String(value)}`],
    )
    .join(', ');
