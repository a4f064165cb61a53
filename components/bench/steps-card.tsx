'use client';
import clsx from 'clsx';
import { Table2 } from 'lucide-react';
import { useState } from 'react';
import { StepChart, StepChartLegend } from '@/components/charts/step-chart';
import { NumbersDialog } from '@/components/inspector/numbers-dialog';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useBench } from '@/lib/state';
import { FrameOrigin } from './frame-bar';
import { Playhead } from './playhead';
import { Transport } from './transport';

/** The drawing in time: its replay, its chart with the playhead, what the chart shows, and how the pictures came about. */
export function StepsCard({ className }: { readonly className?: string | undefined }) {
  return (
    <Card
      aria-label="Steps"
      className={clsx(
        '@container grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1 px-3.5 pt-2.5 pb-2 short:pt-2 short:pb-1.5',
        className,
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-3 @[700px]:flex-nowrap">
        <Transport />
        <div className="relative order-last min-w-0 basis-full @[700px]:order-1 @[700px]:flex-1 @[700px]:basis-0">
          <StepChart />
          <Playhead />
        </div>
        <AllNumbers />
      </div>
      <div className="flex flex-wrap justify-between gap-x-5 gap-y-1 desk:flex-nowrap">
        <StepChartLegend className="desk:shrink-0 desk:flex-nowrap" />
        <FrameOrigin className="desk:text-right desk:[&>p:first-child]:truncate" />
      </div>
    </Card>
  );
}

function AllNumbers() {
  const [isOpen, setIsOpen] = useState(false);
  const isEmpty = useBench((state) => state.frame === null);
  return (
    <span className="order-2">
      <Button
        disabled={isEmpty}
        aria-label="All numbers as a table"
        title="All numbers as a table"
        onClick={() => setIsOpen(true)}
      >
        <Table2 size={14} aria-hidden />
        Numbers
      </Button>
      <NumbersDialog open={isOpen} onOpenChange={setIsOpen} />
    </span>
  );
}
