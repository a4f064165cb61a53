'use client';
import { Notice } from '@/components/ui/notice';
import { Segmented } from '@/components/ui/segmented';
import { type Endpoint, endpointUrl } from '@/lib/judge';
import { useLibraryState, usePaircomp, usePaircompController } from '@/lib/state';
import type { JudgeChoice } from '@/lib/state/paircomp';
import { Group } from './group';

const choices: readonly { value: JudgeChoice; label: string; title: string }[] = [
  { value: 'own', label: 'embedded', title: 'The judge that comes with the embedded model' },
  {
    value: 'janus',
    label: 'the Janus',
    title: 'The Janus that draws is asked about its own pictures, on the processor',
  },
  { value: 'endpoint', label: 'endpoint', title: 'A vision model behind an address of yours' },
  { value: 'none', label: 'none', title: 'Only draw; pictures can be judged later' },
];

const hostOf = (endpoint: Endpoint): { readonly host: string } | { readonly problem: string } => {
  try {
    return { host: endpointUrl(endpoint, typeof window === 'undefined' ? null : window.location.protocol).host };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};

/** Where prompts and pictures would be sent; null where they stay here. */
export const useJudgeHost = (): string | null => {
  const judge = usePaircomp((state) => state.form.judge);
  const endpoint = usePaircomp((state) => state.form.endpoint);
  if (judge !== 'endpoint') return null;
  const found = hostOf(endpoint);
  return 'host' in found ? found.host : null;
};

const field =
  'num h-8 w-full min-w-0 rounded-lg border border-edge bg-bg px-2.5 text-[13px] placeholder:text-mut pointer-coarse:h-9';

/** Who judges, and, of an endpoint, where it is. */
export function JudgeFields() {
  const controller = usePaircompController();
  const { judge, endpoint, rememberEndpoint } = usePaircomp((state) => state.form);
  const isChosen = useLibraryState((state) => state.chosen !== null);
  const found = hostOf(endpoint);
  const set = (change: Partial<Endpoint>): void => controller.setForm({ endpoint: { ...endpoint, ...change } });
  return (
    <Group title="Judge">
      <Segmented
        label="Judge"
        value={judge}
        options={choices.filter(({ value }) => value !== 'janus' || isChosen || judge === 'janus')}
        onChange={(next) => controller.setForm({ judge: next })}
        className="justify-self-start"
      />
      {judge === 'own' && isChosen && (
        <p className="text-[13px] leading-snug text-mut">
          The embedded judge reads the embedded model’s tokens only. Pictures of this model are drawn and not scored,
          until another judge is asked.
        </p>
      )}
      {judge === 'janus' && (
        <p className="text-[13px] leading-snug text-mut">
          It needs more of the model’s files than drawing does, and takes its time on the processor. A model that judges
          itself may be blind to its own mistakes.
        </p>
      )}
      {judge === 'endpoint' && (
        <div className="grid gap-2">
          <label className="grid gap-1">
            <span className="text-mut">Address of a chat-completions server</span>
            <input
              className={field}
              value={endpoint.url}
              placeholder="http://localhost:8000/v1"
              spellCheck={false}
              autoComplete="off"
              inputMode="url"
              onChange={(event) => set({ url: event.target.value })}
            />
          </label>
          <label className="grid gap-1">
            <span className="text-mut">Model</span>
            <input
              className={field}
              value={endpoint.model}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => set({ model: event.target.value })}
            />
          </label>
          <label className="grid gap-1">
            <span className="text-mut">Key, if it needs one</span>
            <input
              className={field}
              type="password"
              value={endpoint.key}
              autoComplete="off"
              onChange={(event) => set({ key: event.target.value })}
            />
          </label>
          <label className="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              checked={rememberEndpoint}
              onChange={(event) => controller.setForm({ rememberEndpoint: event.target.checked })}
              className="size-4 accent-ink"
            />
            Remember address and key in this browser
          </label>
          {'host' in found ? (
            <Notice tone="warning">
              Every prompt and picture of the run is sent to <bdi className="font-medium break-all">{found.host}</bdi>,
              from this browser and to nowhere else.
            </Notice>
          ) : (
            (endpoint.url !== '' || endpoint.model !== '') && <p className="text-bad">{found.problem}</p>
          )}
          <p className="text-[13px] leading-snug text-mut">
            It is asked “Does this image match the description …?” and must give the probabilities of its first token
            (logprobs). Its server must allow this page’s address (CORS).
          </p>
        </div>
      )}
    </Group>
  );
}
