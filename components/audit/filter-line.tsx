'use client';

import { clsx } from 'clsx';
import { Search } from 'lucide-react';
import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import type { LogWordsView } from '../../server/domain/views/audit-views.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { completeFilter, type Completing, type Completion } from './complete-filter.ts';

type Props = { value: string; words: LogWordsView; onSearch: (filter: string) => void };

/** What is written, where the caret is, and what could stand there. */
function useCompletion(value: string, words: LogWordsView) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  // Where it is offered, not what: the words may come after what was written.
  const [caretAt, setCaretAt] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const completing: Completing | null = caretAt === null ? null : completeFilter(text.slice(0, caretAt), words);
  const offer = (written: string, caret: number) => {
    setText(written);
    setActive(-1);
    setCaretAt(caret);
  };
  const close = () => setCaretAt(null);
  const pick = ({ value: put }: Completion) => {
    const field = input.current;
    if (!field || !completing) return;
    const caret = field.selectionStart ?? text.length;
    const before = text.slice(0, completing.from) + put;
    // The rest of the word that the caret was in goes too.
    const written = before + text.slice(caret).replace(/^\S*\s?/, '');
    offer(written, before.length);
    requestAnimationFrame(() => field.setSelectionRange(before.length, before.length));
  };
  return { input, text, options: completing?.options ?? [], active, setActive, offer, close, pick };
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Round and round; from nowhere to the first or the last. */
function stepped(active: number, by: number, count: number): number {
  return active < 0 && by < 0 ? count - 1 : (active + by + count) % count;
}

/** The line of a filter: fields and their values are offered while it is written. */
export function FilterLine({ value, words, onSearch }: Props) {
  const list = useId();
  const { input, text, options, active, setActive, offer, close, pick } = useCompletion(value, words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    close();
    onSearch(text.trim());
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const by = steps[event.key] ?? 0;
    const chosen = options[active];
    if (event.key === 'Escape' && options.length > 0) {
      event.preventDefault();
      close();
    } else if (by !== 0) {
      event.preventDefault();
      if (options.length === 0) offer(text, event.currentTarget.selectionStart ?? text.length);
      else setActive(stepped(active, by, options.length));
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) {
      event.preventDefault();
      pick(chosen);
    }
  };
  return (
    <form role="search" onSubmit={submit} className="flex min-w-0 items-start gap-2">
      <div className="relative min-w-0 flex-1">
        <Input
          ref={input}
          mono
          role="combobox"
          aria-label="Filter of events"
          aria-autocomplete="list"
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-activedescendant={active < 0 ? undefined : `${list}-${active}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={1000}
          placeholder="kind:approval.* actor:people after:7d"
          value={text}
          onChange={({ target }) => offer(target.value, target.selectionStart ?? target.value.length)}
          onKeyDown={onKey}
          onBlur={close}
        />
        <Options id={list} options={options} active={active} onPick={pick} />
      </div>
      <Button type="submit">
        <Search aria-hidden className="size-4" />
        Search
      </Button>
    </form>
  );
}

type OptionsProps = { id: string; options: Completion[]; active: number; onPick: (option: Completion) => void };

function Options({ id, options, active, onPick }: OptionsProps) {
  return (
    <ul
      id={id}
      role="listbox"
      aria-label="What can stand here"
      hidden={options.length === 0}
      className="absolute inset-x-0 top-full z-30 mt-1 max-h-80 overflow-y-auto rounded-md border border-line-strong bg-panel p-1 text-sm shadow-lg shadow-shade/10"
    >
      {options.map((option, index) => (
        <li
          key={option.value}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          // The field keeps the focus, so that it does not close before the click counts.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(option)}
          className={clsx(
            'flex min-h-8 cursor-pointer items-baseline gap-3 rounded-sm px-2 py-1 hover:bg-hover pointer-coarse:min-h-11',
            index === active && 'bg-hover',
          )}
        >
          <span className="shrink-0 font-mono">{option.value}</span>
          <span className="min-w-0 truncate text-ink-3 foreign">{option.hint}</span>
        </li>
      ))}
    </ul>
  );
}
