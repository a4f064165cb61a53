'use client';
import { useQuery } from '@tanstack/react-query';
import { probeCapabilities } from '@/lib/engine';
import type { Manifest } from '@/lib/models';
import type { ProviderChoice } from '@/lib/state/models';

/** What this browser offers for the model; a sentence and a way on where something is lacking. */
export function Capabilities({
  manifest,
  choice,
}: {
  readonly manifest: Manifest | undefined;
  readonly choice: ProviderChoice;
}) {
  const report = useQuery({
    queryKey: ['capabilities', manifest?.name],
    queryFn: () => probeCapabilities(manifest),
    staleTime: 30_000,
  });
  if (report.data === undefined) return null;
  const { webgpu, adapter, shaderF16, isolated, problems } = report.data;
  return (
    <ul className="grid gap-1 text-[13px] text-mut">
      {webgpu && (
        <Finding good>
          WebGPU works here: {adapter}
          {shaderF16 ? ', with 16-bit arithmetic' : ', in 32-bit arithmetic (it has no shader-f16)'}.
        </Finding>
      )}
      {problems.map(({ code, message, hint }) => (
        <Finding key={code}>
          {message} {hint}
        </Finding>
      ))}
      {!isolated && (
        <Finding>
          The page is not cross-origin isolated, so the processor draws with one thread; the server of this project
          isolates it.
        </Finding>
      )}
      {choice === 'webgpu' && !webgpu && (
        <Finding>WebGPU is chosen but does not work here; choose Automatic or CPU.</Finding>
      )}
    </ul>
  );
}

function Finding({ good = false, children }: { readonly good?: boolean; readonly children: React.ReactNode }) {
  return (
    <li className="flex gap-2">
      <span aria-hidden className={good ? 'text-ok' : 'text-warn'}>
        {good ? '✓' : '!'}
      </span>
      <span className="min-w-0">{children}</span>
    </li>
  );
}
