'use client';
import { useQuery } from '@tanstack/react-query';
import type { ProviderChoice } from '@/lib/state/session-types';

interface Finding {
  readonly good: boolean;
  readonly text: string;
}

/** What this browser offers, one sentence each with a way on where something is lacking. */
const probe = async (): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  const gpu = (navigator as Navigator & { readonly gpu?: GPU }).gpu;
  if (gpu === undefined) {
    findings.push({
      good: false,
      text: isSecureContext
        ? 'This browser has no WebGPU; the model runs on the CPU. A current Chrome, Edge, Safari or Firefox has it.'
        : 'WebGPU needs a secure address (https or localhost); the model runs on the CPU.',
    });
  } else {
    const adapter = await gpu.requestAdapter().catch(() => null);
    if (adapter === null) {
      findings.push({ good: false, text: 'WebGPU is here, but no graphics adapter is; the model runs on the CPU. Turning on hardware acceleration in the browser’s settings may help.' });
    } else {
      findings.push({ good: true, text: 'WebGPU works here.' });
      if (!adapter.features.has('shader-f16')) {
        findings.push({ good: false, text: 'This adapter has no shader-f16: half-precision arithmetic is not available, so float32 is used.' });
      }
    }
  }
  findings.push(
    crossOriginIsolated
      ? { good: true, text: 'The page is isolated, so the CPU path may use several threads.' }
      : { good: false, text: 'The page is not cross-origin isolated, so the CPU path uses one thread; serving it with `npm start` isolates it.' },
  );
  return findings;
};

export function Capabilities({ choice }: { readonly choice: ProviderChoice }) {
  const findings = useQuery({ queryKey: ['capabilities'], queryFn: probe, staleTime: 30_000 });
  if (findings.data === undefined) return null;
  const noGpu = findings.data[0]?.good === false;
  return (
    <ul className="grid gap-1 text-[12.5px] text-mut">
      {findings.data.map(({ good, text }) => (
        <li key={text} className="flex gap-2">
          <span aria-hidden className={good ? 'text-ok' : 'text-warn'}>
            {good ? '✓' : '!'}
          </span>
          {text}
        </li>
      ))}
      {choice === 'webgpu' && noGpu && <li className="text-bad">WebGPU is chosen but cannot be used here; choose Automatic or CPU.</li>}
    </ul>
  );
}
