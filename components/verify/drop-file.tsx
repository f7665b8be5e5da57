'use client';

import { clsx } from 'clsx';
import { FileCheck } from 'lucide-react';
import { useId, useState, type DragEvent } from 'react';

/** Where a file is dropped, or chosen by the keyboard. */
export function DropFile({ onFile }: { onFile: (file: File) => void }) {
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (file: File | undefined) => file && onFile(file);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={clsx(
        'flex flex-col items-center gap-2 rounded-md border border-dashed px-5 py-10 text-center focus-within:border-accent',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      <FileCheck aria-hidden className="size-6 text-ink-3" />
      <label htmlFor={id} className="font-medium">
        Drop an exported log or a bundle of evidence here, or choose it
      </label>
      <p className="text-sm text-ink-2">It is checked in this browser. Nothing of it is sent anywhere.</p>
      <input
        id={id}
        type="file"
        accept=".jsonl,.zip,.ndjson,.json,.txt,application/jsonl"
        onChange={({ target }) => take(target.files?.[0])}
        className="max-w-full text-sm text-ink-2 file:mr-3 file:h-8 file:rounded-md file:border file:border-control file:bg-panel file:px-3 file:text-sm file:text-ink pointer-coarse:file:h-11"
      />
    </div>
  );
}
