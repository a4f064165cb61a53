'use client';
import { useState } from 'react';
import { createBenchStore } from '@/lib/state/bench-store';
import { BenchContext } from '@/lib/state/use-bench';

/** The whole bench: two prompts, two pictures, their difference, and what explains it. */
export function Bench() {
  const [store] = useState(createBenchStore);
  return (
    <BenchContext value={store}>
      <main />
    </BenchContext>
  );
}
