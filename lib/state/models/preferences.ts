import type { ExecutionProvider } from '@/lib/domain';
import { type ModelRecord, readRecord } from '@/lib/downloads';
import type { ProbeMemory } from '@/lib/engine';
import { type BundledChoice, MODEL_ROLES } from '@/lib/models';

const PROVIDER_KEY = 'pairscope.provider';
const THEME_KEY = 'pairscope.theme';
const MODEL_KEY = 'pairscope.model';
const BUNDLED_KEY = 'pairscope.bundled';
const HUB_KEY = 'pairscope.hub';

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

/** The downloaded model that draws instead of a bundled one; null for those. */
export const readChosenModel = (): ModelRecord | null => readRecord(read(MODEL_KEY) ?? '');

export const writeChosenModel = (record: ModelRecord | null): void =>
  write(MODEL_KEY, record === null ? '' : JSON.stringify(record));

/** Which bundled model draws: by its role, which stays when its files are replaced. */
export const readBundledChoice = (): BundledChoice =>
  MODEL_ROLES.find((role) => role === read(BUNDLED_KEY)) ?? 'default';

export const writeBundledChoice = (choice: BundledChoice): void =>
  write(BUNDLED_KEY, choice === 'default' ? '' : choice);

/** The address of the hub, where it is not the usual one. */
export const readHubEndpoint = (): string | null => read(HUB_KEY) || null;

export const writeHubEndpoint = (endpoint: string | null): void => write(HUB_KEY, endpoint ?? '');

/** What was measured of this device and its models. */
export const probeMemory: ProbeMemory = {
  get: (key) => read(`pairscope.probe ${key}`),
  set: (key, value) => {
    write(`pairscope.probe ${key}`, value);
  },
};

export type Theme = 'light' | 'dark';

/** before-paint.js reads the same key before the first paint. */
export const writeTheme = (theme: Theme): void => write(THEME_KEY, theme);

/** What the person wants the model to run on; `auto` takes WebGPU where it works. */
export type ProviderChoice = 'auto' | ExecutionProvider;
