import type { Metadata } from 'next';
import { StoryPage } from '@/components/story/story-page';
import { grpoReport } from '@/lib/public-files/grpo-report';

export const metadata: Metadata = {
  title: 'Pair-GRPO · Pairscope',
  description:
    'What the benchmark of prompt pairs asks, where a model fails, and what reinforcement learning over pairs changes: with live examples.',
};

export default async function Page() {
  return <StoryPage report={await grpoReport()} />;
}
