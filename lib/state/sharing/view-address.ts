import { createLoader, createParser, createSerializer, parseAsStringLiteral } from 'nuqs/server';
import {
  type BenchState,
  type BenchStore,
  type DifferenceView,
  differenceViews,
  FIRST_VIEW,
  pointAt,
  setShownView,
  type ViewState,
  viewStateOf,
} from '@/lib/state/bench';
import { holdsComparison } from './open-comparison';

/** The address is written when nothing has changed for so long. */
export const REST_MS = 250;

const parseAsStep = createParser<number>({
  parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : null),
  serialize: String,
});

const parsers = {
  view: parseAsStringLiteral(Object.keys(differenceViews) as DifferenceView[]).withDefault(FIRST_VIEW),
  side: parseAsStringLiteral(Object.values(differenceViews).flat()),
  cell: parseAsStep,
  step: parseAsStep,
};

/** The view state in an address's query; what is absent or cannot be read is as at first. */
export const readViewState: (query: URLSearchParams) => ViewState = createLoader(parsers);

/** The address with this view state in its query; what is as at first is left out, all else stays. */
export const withViewState: (address: string, state: ViewState) => string = createSerializer(parsers);

const parts = Object.keys(parsers) as (keyof ViewState)[];

/** Where the address is read and written, without the origin: path, query and fragment. */
export interface AddressBar {
  readonly read: () => string;
  readonly replace: (address: string) => void;
  /** Calls back when a visitor changes the fragment; returns how to end. */
  readonly watch: (changed: () => void) => () => void;
}

export const browserAddressBar: AddressBar = {
  read: () => window.location.pathname + window.location.search + window.location.hash,
  // Next keeps its own data in the history's state and adds it to null.
  replace: (address) => window.history.replaceState(null, '', address),
  watch: (changed) => {
    const listener = (): void => changed();
    window.addEventListener('hashchange', listener);
    return () => window.removeEventListener('hashchange', listener);
  },
};

/**
 * Shows what the address points at as soon as its comparison is on screen, and from then on keeps the view state in the address,
 * without new entries in the history. A cell of a comparison that could not be opened is no cell of another. Returns how to stop.
 */
export const syncViewAddress = (bench: BenchStore, bar: AddressBar = browserAddressBar): (() => void) => {
  const { searchParams, hash } = new URL(bar.read(), 'http://localhost');
  const asked = readViewState(searchParams);
  const ownOrigin = holdsComparison(hash) ? 'opened' : null;
  let isPointed = false;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const write = (): void => {
    timer = null;
    const address = bar.read();
    const next = withViewState(address, viewStateOf(bench.getState()));
    if (next !== address) bar.replace(next);
  };
  const schedule = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  };
  const point = ({ frame, status }: BenchState): void => {
    if (frame === null) return;
    isPointed = true;
    // A draw that was begun meanwhile is not what the address meant.
    if (status !== 'drawing' && (ownOrigin ?? frame.origin) === frame.origin) pointAt(bench, asked);
    schedule();
  };

  // An address that says nothing leaves the bench as it was left.
  if (asked.view !== FIRST_VIEW || asked.side !== null) setShownView(bench, asked);
  point(bench.getState());
  const unsubscribe = bench.subscribe((state, previous) => {
    if (!isPointed) return point(state);
    const now = viewStateOf(state);
    const before = viewStateOf(previous);
    if (parts.some((part) => now[part] !== before[part])) schedule();
  });
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
};
