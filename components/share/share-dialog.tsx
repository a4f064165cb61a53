'use client';
import { Dialog } from '../ui/dialog';

export function ShareDialog({ open, onOpenChange }: { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Share">
      <p />
    </Dialog>
  );
}
