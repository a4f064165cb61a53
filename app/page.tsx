import { preload } from 'react-dom';
import { Bench } from '@/components/bench/bench';
import { firstExampleFiles } from '@/lib/public-files/first-example';
import { publicPath } from '@/lib/state/page';

export default async function Page() {
  for (const file of await firstExampleFiles()) preload(publicPath(file), { as: 'fetch', crossOrigin: 'anonymous' });
  return <Bench />;
}
