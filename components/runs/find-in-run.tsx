'use client';

import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { memo, useState, type FormEvent } from 'react';
import type { RunHitView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Revealed } from '../ui/code.tsx';
import { plural } from '../ui/format.ts';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

type Props = { org: string; runId: string };

/** Looks through the whole log of a run on the server, also through what no line of the transcript shows. */
export const FindInRun = memo(function FindInRun({ org, runId }: Props) {
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  const trpc = useTRPC();
  const search = useQuery(trpc.runs.search.queryOptions({ org, runId, text }, { enabled: text !== '' }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setText(typed.trim().length < 2 ? '' : typed.trim());
  };
  const close = () => {
    setTyped('');
    setText('');
  };
  return (
    <div className="flex min-w-0 flex-col gap-2 pb-3">
      <form role="search" onSubmit={submit} className="flex min-w-0 gap-2">
        <Input
          aria-label="Find in this run"
          placeholder="Find in this run"
          minLength={2}
          maxLength={200}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="submit" busy={search.isFetching}>
          <Search aria-hidden className="size-4" />
          Find
        </Button>
        {text !== '' && (
          <Button look="quiet" aria-label="Close what was found" onClick={close}>
            <X aria-hidden className="size-4" />
          </Button>
        )}
      </form>
      {search.error && <Notice look="bad">{errorText(search.error)}</Notice>}
      {search.data && <Hits {...search.data} />}
    </div>
  );
});

function Hits({ hits, more }: { hits: RunHitView[]; more: boolean }) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-md border border-line-strong p-2">
      <p role="status" className="text-sm text-ink-3">
        {more ? `The first ${hits.length} events that have it` : `${plural(hits.length, 'event')} found`}
      </p>
      <ol className="flex max-h-72 min-w-0 flex-col overflow-y-auto">
        {hits.map((hit) => (
          <li key={hit.seq}>
            <Hit hit={hit} />
          </li>
        ))}
      </ol>
    </div>
  );
}

const line = 'flex min-h-8 w-full min-w-0 items-baseline gap-3 px-1 py-1 text-left text-sm pointer-coarse:min-h-11';

function Hit({ hit: { seq, turn, kind, before, found, after } }: { hit: RunHitView }) {
  const words = (
    <>
      <span className="figures w-16 shrink-0 text-ink-3">{turn === null ? '' : `Turn ${turn}`}</span>
      <span className="w-32 shrink-0 truncate font-mono text-xs text-ink-2 max-sm:hidden">{kind}</span>
      <span className="min-w-0 flex-1 break-words foreign">
        <Revealed text={before} />
        <mark className="bg-needs-soft text-ink">
          <Revealed text={found} />
        </mark>
        <Revealed text={after} />
      </span>
    </>
  );
  return (
    <a data-row href={`#seq-${seq}`} className={`${line} hover:bg-hover`}>
      {words}
    </a>
  );
}
