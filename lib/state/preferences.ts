import type { ProviderChoice } from './session-types';

const PROVIDER_KEY = 'pairscope.provider';
const THEME_KEY = 'pairscope.theme';

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage is forbidden: there are no preferences.
    return null;
  }
};

const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
};

export const readProviderChoice = (): ProviderChoice => {
  const stored = read(PROVIDER_KEY);
  return stored === 'webgpu' || stored === 'wasm' ? stored : 'auto';
};

export const writeProviderChoice = (choice: ProviderChoice): void => write(PROVIDER_KEY, choice);

export type Theme = 'light' | 'dark';

/** theme.js reads the same key before the first paint. */
export const writeTheme = (theme: Theme): void => write(THEME_KEY, theme);
