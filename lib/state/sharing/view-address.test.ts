import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBenchStore, type Frame } from '@/lib/state/bench';
import { type AddressBar, readViewState, REST_MS, syncViewAddress, withViewState } from './view-address';

const frame = { key: 'one', grid: { rows: 8, columns: 8 }, origin: 'opened' } as Frame;
const whole = { frame, drawn: 64, revealed: 64, status: 'done', lockedStep: null } as const;
const atFirst = { view: 'cross', side: null, cell: null, step: null } as const;

const barAt = (address: string) => {
  const bar = { address, writes: 0 };
  const port: AddressBar = {
    read: () => bar.address,
    replace: (next) => {
      bar.address = next;
      bar.writes += 1;
    },
    watch: () => () => undefined,
  };
  return { bar, port };
};

/** A bench at an address, its comparison already shown unless told otherwise. */
const benchAt = (
  address: string,
  state: Partial<ReturnType<ReturnType<typeof createBenchStore>['getState']>> = whole,
) => {
  const bench = createBenchStore();
  bench.setState(state);
  const { bar, port } = barAt(address);
  const stop = syncViewAddress(bench, port);
  return { bench, bar, stop, actions: bench.getState().actions };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const rest = () => vi.advanceTimersByTime(REST_MS);

describe('view state in an address', () => {
  it('is read and written, defaults left out, the rest of the address kept', () => {
    const state = { view: 'divergence', side: 'promptB', cell: 41, step: 50 } as const;
    const address = withViewState('/some/folder/?x=1#c=abc', state);
    expect(address).toBe('/some/folder/?x=1&view=divergence&side=promptB&cell=41&step=50#c=abc');
    expect(readViewState(new URL(address, 'http://localhost').searchParams)).toEqual(state);
    expect(withViewState(address, atFirst)).toBe('/some/folder/?x=1#c=abc');
  });

  it('ignores what cannot be read', () => {
    for (const query of [
      'view=heat&side=c&cell=-1&step=1e3',
      'view=&cell=&step=',
      'cell=41x&step=4.5',
      'cell=99999999',
    ])
      expect(readViewState(new URLSearchParams(query))).toEqual(atFirst);
  });
});

describe('the bench and its address', () => {
  it('locks the cell that the address names once a comparison is shown', () => {
    const { bench, bar } = benchAt('/?view=tokens&cell=41&step=50#c=abc', {});
    expect(bench.getState()).toMatchObject({ view: 'tokens', lockedStep: null });
    rest();
    expect(bar.address).toBe('/?view=tokens&cell=41&step=50#c=abc');
    bench.setState(whole);
    expect(bench.getState()).toMatchObject({ lockedStep: 41, revealed: 50 });
    rest();
    expect(bar.writes).toBe(0);
  });

  it('does not point into a recorded comparison in place of one that could not be opened', () => {
    const { bench, bar } = benchAt('/?view=tokens&cell=41#c=damaged', {});
    bench.setState({ ...whole, frame: { ...frame, origin: 'recorded' } });
    expect(bench.getState()).toMatchObject({ view: 'tokens', lockedStep: null });
    rest();
    expect(bar.address).toBe('/?view=tokens#c=damaged');
  });

  it('ignores a cell that the comparison does not have, and a choice that the view does not have', () => {
    const { bench, bar } = benchAt('/?view=tokens&side=promptB&cell=64&step=65#c=abc');
    expect(bench.getState()).toMatchObject({ lockedStep: null, revealed: 64, sides: {} });
    rest();
    expect(bar.address).toBe('/?view=tokens#c=abc');
  });

  it('follows view, choice, cell and step, and writes once they rest', () => {
    const { actions, bar } = benchAt('/#c=abc');
    actions.setView('divergence');
    actions.setSide('divergence', 'side');
    actions.lock(41);
    actions.reveal(50);
    expect(bar.writes).toBe(0);
    rest();
    expect(bar).toEqual({ address: '/?view=divergence&side=side&cell=41&step=50#c=abc', writes: 1 });
    actions.setView('cross');
    actions.lock(null);
    actions.reveal(64);
    rest();
    expect(bar.address).toBe('/#c=abc');
  });

  it('says nothing of a playhead that moves by itself', () => {
    const { bench, actions, bar } = benchAt('/');
    actions.replay();
    for (let revealed = 0; revealed < 64; revealed += 1) bench.setState({ revealed });
    rest();
    expect(bar.writes).toBe(0);
    actions.stopReplay();
    rest();
    expect(bar.address).toBe('/?step=63');
  });

  it('drops cell and step, and keeps the view, when another comparison takes the place', () => {
    const { bench, bar } = benchAt('/?view=tokens&cell=41&step=50#c=abc');
    bench.setState({ ...whole, frame: { ...frame, key: 'two' } });
    rest();
    expect(bar.address).toBe('/?view=tokens#c=abc');
  });

  it('does not point into a draw that was begun before the comparison came', () => {
    const { bench, bar } = benchAt('/?cell=3', {});
    bench.setState({ frame, drawn: 0, revealed: 0, status: 'drawing' });
    expect(bench.getState().lockedStep).toBeNull();
    rest();
    expect(bar.address).toBe('/');
  });

  it('leaves a bench that is come back to as it was left, and stops when it is left', () => {
    const { bench, bar, stop, actions } = benchAt('/', { ...whole, view: 'pixels', lockedStep: 9 });
    rest();
    expect(bar.address).toBe('/?view=pixels&cell=9');
    actions.lock(10);
    stop();
    rest();
    actions.lock(11);
    rest();
    expect(bar.address).toBe('/?view=pixels&cell=9');
    expect(bench.getState().lockedStep).toBe(11);
  });
});
