'use client';

import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Button, type ButtonLook } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { errorText } from './error.ts';

type Props = {
  children: ReactNode;
  /** The button's name where its words alone do not say of what. */
  label?: string;
  look?: ButtonLook;
  size?: 'small' | 'normal';
  title: ReactNode;
  description: ReactNode;
  leave?: string;
  action: string;
  run: () => Promise<unknown>;
};

/** A button that asks before it does something that cannot simply be undone; a refusal is shown where it was asked. */
export function ConfirmButton(props: Props) {
  const { children, label, look = 'quiet', size = 'normal', title, description, leave, action, run } = props;
  const [open, setOpen] = useState(false);
  const confirm = useMutation({ mutationFn: run, onSuccess: () => setOpen(false) });
  const show = (next: boolean) => {
    setOpen(next);
    confirm.reset();
  };
  return (
    <>
      <Button look={look} size={size} aria-label={label} onClick={() => show(true)}>
        {children}
      </Button>
      <Dialog open={open} onOpenChange={show} title={title} description={description}>
        {confirm.error && (
          <p role="alert" className="text-sm text-bad">
            {errorText(confirm.error)}
          </p>
        )}
        <DialogEnd {...(leave === undefined ? {} : { leave })}>
          <Button look="danger" busy={confirm.isPending} onClick={() => confirm.mutate()}>
            {action}
          </Button>
        </DialogEnd>
      </Dialog>
    </>
  );
}
