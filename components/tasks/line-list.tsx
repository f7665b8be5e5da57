'use client';

import { Plus, X } from 'lucide-react';
import { useId, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';

type Props = {
  label: string;
  hint: string;
  one: string;
  placeholder: string;
  mono?: boolean;
  values: string[];
  onChange: (values: string[]) => void;
};

/** Short texts, one a line; Enter adds the next. */
export function LineList({ label, hint, one, placeholder, mono = false, values, onChange }: Props) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const lines = values.length > 0 ? values : [''];
  const focusLast = () =>
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  const add = () => {
    onChange([...lines, '']);
    focusLast();
  };
  return (
    <fieldset className="flex flex-col gap-1.5" aria-describedby={`${id}-hint`}>
      <legend className="pb-1.5 text-sm font-medium">{label}</legend>
      <ul ref={list} className="flex flex-col gap-2">
        {lines.map((line, index) => (
          <li key={index} className="flex gap-1.5">
            <Input
              aria-label={`${one} ${index + 1}`}
              value={line}
              mono={mono}
              placeholder={index === 0 ? placeholder : undefined}
              spellCheck={!mono}
              onChange={(event) => onChange(lines.with(index, event.target.value))}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
            />
            <Button
              look="quiet"
              aria-label={`Remove ${one.toLowerCase()} ${index + 1}`}
              onClick={() => onChange(lines.toSpliced(index, 1))}
            >
              <X aria-hidden className="size-4" />
            </Button>
          </li>
        ))}
      </ul>
      <Button look="quiet" size="small" className="-ml-2.5 self-start" onClick={add}>
        <Plus aria-hidden className="size-4" />
        Add
      </Button>
      <p id={`${id}-hint`} className="max-w-[76ch] text-sm text-ink-3">
        {hint}
      </p>
    </fieldset>
  );
}
