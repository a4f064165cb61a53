import Link from 'next/link';
import { buttonClass } from '@/components/ui/button';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh content-center justify-items-center gap-4 px-6 text-center">
      <h1 className="text-[20px] font-semibold tracking-tight">There is no page at this address</h1>
      <p className="max-w-[52ch] text-mut">
        A link to a comparison holds it behind “#c=”. If yours was cut or altered on its way, paste it whole into Open
        on the bench.
      </p>
      <Link href="/" className={buttonClass({ tone: 'primary' })}>
        Go to the bench
      </Link>
    </main>
  );
}
