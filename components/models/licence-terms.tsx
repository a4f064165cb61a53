import type { ReactNode } from 'react';
import type { ModelOrigin } from '@/lib/downloads';
import type { Licence } from '@/lib/state/models';

/** Where the makers of Janus keep the licence of its weights. */
const DEEPSEEK_LICENCE = 'https://github.com/deepseek-ai/DeepSeek-LLM/blob/HEAD/LICENSE-MODEL';

/** Under which terms a model may be used, with the place where they stand in full. */
export function LicenceTerms({ licence, origin }: { readonly licence: Licence; readonly origin: ModelOrigin | null }) {
  const page = origin?.kind === 'hub' ? `${origin.endpoint}/${origin.id}` : null;
  return (
    <section aria-label="Licence" className="grid gap-1 rounded-lg bg-soft px-3 py-2 text-[13px]">
      {licence === 'deepseek' ? (
        <>
          <p>
            The weights of Janus models are under the <Link href={DEEPSEEK_LICENCE}>DeepSeek Model License</Link>,
            whatever a repository’s own tag says. Its use restrictions (Attachment A of the licence) bind you and
            whoever you give the model or its results to. Not allowed, in short:
          </p>
          <p className="text-mut">
            breaking laws or the rights of others; military use; harming or exploiting minors; false information meant
            to harm; unlawful or inappropriate content; personal data without permission; defaming or harassing people;
            automated decisions against a person’s rights; discrimination; exploiting the weaknesses of vulnerable
            groups.
          </p>
        </>
      ) : (
        <p>Its licence is its makers’ to tell; look for it where the model comes from.</p>
      )}
      {page !== null && (
        <p>
          <Link href={page}>The model’s page</Link>
        </p>
      )}
    </section>
  );
}

function Link({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="underline underline-offset-2">
      {children}
    </a>
  );
}
