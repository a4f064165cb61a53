'use client';
import clsx from 'clsx';
import { Grid2x2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useVersus } from '@/lib/state';
import { useModelsToCompare } from './use-models';

/** Opens model against model, where there are several models. */
export function VersusButton({ className }: { readonly className?: string }) {
  const versus = useVersus();
  const models = useModelsToCompare();
  if (models === null) return null;
  return (
    <Button
      className={clsx(className, models === undefined && 'invisible')}
      onClick={versus.open}
      title="The same pair on two models, with the same noise"
    >
      <Grid2x2 size={13} aria-hidden />
      Model against model
    </Button>
  );
}
