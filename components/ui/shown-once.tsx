'use client';

import { Button } from './button.tsx';
import { Copyable } from './copy.tsx';
import { DialogClose } from './dialog.tsx';

type Props = { value: string; label: string; what: string; words: string };

/** A secret at the only moment at which it can be read, in a dialog that ends when it has been copied. */
export function ShownOnce({ value, label, what, words }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{words}</p>
      <output
        aria-label={label}
        className="break-all rounded-md border border-line-strong bg-sunken p-3 font-mono text-sm"
      >
        {value}
      </output>
      <div className="flex items-center justify-between gap-2">
        <Copyable value={value} shown={`Copy the ${what}`} what={what} />
        <DialogClose asChild>
          <Button look="primary">I have copied it</Button>
        </DialogClose>
      </div>
    </div>
  );
}
