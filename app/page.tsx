import { Bench } from '@/components/bench/bench';

export default function Page() {
  return <Bench />;
}
