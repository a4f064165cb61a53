import type { Metadata } from 'next';
import { PaircompPage } from '@/components/paircomp/paircomp-page';

export const metadata: Metadata = {
  title: 'PairComp · Pairscope',
  description:
    'The benchmark of prompt pairs: how well a model keeps two nearly identical prompts apart, drawn and judged in this browser.',
};

export default function Page() {
  return <PaircompPage />;
}
