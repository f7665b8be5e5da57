'use client';

import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { DialogClose } from './dialog.tsx';

/** The last row of a dialog: the way out that changes nothing, and what the dialog is for. */
export function DialogEnd({ leave = 'Cancel', children }: { leave?: string; children: ReactNode }) {
  return (
    <div className="flex justify-end gap-2">
      <DialogClose asChild>
        <Button look="quiet">{leave}</Button>
      </DialogClose>
      {children}
    </div>
  );
}
