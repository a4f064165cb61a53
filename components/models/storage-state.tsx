'use client';
import { useQuery } from '@tanstack/react-query';
import { formatBytes } from './format';

/** How much of this browser's storage the site uses; says so when there is none. */
export function StorageState() {
  const estimate = useQuery({
    queryKey: ['storage'],
    queryFn: async () => {
      try {
        await caches.has('probe');
        return await navigator.storage.estimate();
      } catch {
        return null;
      }
    },
    refetchOnMount: 'always',
  });
  if (estimate.data === undefined) return '…';
  if (estimate.data === null) return 'This browser forbids storage here, so the model is fetched again on each visit.';
  const { usage = 0, quota } = estimate.data;
  return (
    <>
      <span className="num">{formatBytes(usage)}</span> in use
      {quota !== undefined && (
        <>
          {' '}
          of <span className="num">{formatBytes(quota)}</span>
        </>
      )}
    </>
  );
}
