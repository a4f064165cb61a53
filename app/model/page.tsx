import type { Metadata } from 'next';
import { ModelCardPage } from '@/components/model-card/model-card-page';

export const metadata: Metadata = {
  title: 'The embedded model · Pairscope',
  description: 'What the embedded model is, what it was trained on, how well it draws, and where it fails.',
};

export default function Page() {
  return <ModelCardPage />;
}
