'use client';

import { AlertDialog } from 'radix-ui';
import { useState, type ReactNode } from 'react';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
};

/** A question that must be answered before going on. On a phone it rises from the bottom edge. */
export function Dialog({ open, onOpenChange, ...content }: Props) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      {open && <Content {...content} />}
    </AlertDialog.Root>
  );
}

function Content({ title, description, children }: Pick<Props, 'title' | 'description' | 'children'>) {
  // Taken while this is rendered first: by the next moment a field in here has the focus. It gets it back at the end.
  const [opener] = useState(() => document.activeElement);
  return (
    <AlertDialog.Portal>
      <AlertDialog.Overlay className="fixed inset-0 z-40 bg-shade/50" />
      <AlertDialog.Content
        className={
          'fixed inset-x-0 bottom-0 z-50 flex max-h-[90dvh] flex-col gap-3 overflow-y-auto rounded-t-md border border-line-strong outline-none ' +
          'bg-panel p-5 sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[480px] sm:-translate-1/2 sm:rounded-md'
        }
        aria-describedby={description ? undefined : ''}
        onCloseAutoFocus={() => opener instanceof HTMLElement && opener.focus()}
      >
        <AlertDialog.Title className="text-lg font-semibold foreign">{title}</AlertDialog.Title>
        {description && (
          <AlertDialog.Description className="text-base text-ink-2 foreign">{description}</AlertDialog.Description>
        )}
        {children}
      </AlertDialog.Content>
    </AlertDialog.Portal>
  );
}

/** Closes the dialog around it. */
export const DialogClose = AlertDialog.Cancel;
