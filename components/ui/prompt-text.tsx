import { withVisibleMarks } from '@/lib/prompts';

/** A prompt from anywhere, to look at: its direction of writing touches nothing around it, and its invisible controls are shown. */
export function PromptText({ children, className }: { readonly children: string; readonly className?: string }) {
  return <bdi className={className}>{withVisibleMarks(children)}</bdi>;
}
