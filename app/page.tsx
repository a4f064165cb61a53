import { preload } from 'react-dom';
import { Bench } from '@/components/bench/bench';
import { firstExampleFiles } from '@/lib/public-files/first-example';
import { publicPath } from '@/lib/state/page';

export default async function Page() {
  const [index, ...files] = (await firstExampleFiles()).map(publicPath);
  // The list of recordings is always shown; the first of them only where neither the address nor this tab holds a comparison.
  if (index !== undefined) preload(index, { as: 'fetch', crossOrigin: 'anonymous' });
  return (
    <>
      {files.length > 0 && <script async src={publicPath('first-example.js')} data-files={files.join(' ')} />}
      <Bench />
    </>
  );
}
