'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FileMinus, FilePen, FilePlus, FileText, X, type LucideIcon } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { RunFilesView, RunFileView } from '../../server/domain/views/timeline-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Code, Revealed } from '../ui/code.tsx';
import { bytes, plural } from '../ui/format.ts';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';

type Of = { org: string; runId: string; turn: number };

/** The files of a run as they were when a turn ended: those that had changed by then, and any other by its name. */
export function RunFiles({ org, runId, turn }: Of) {
  const [typed, setTyped] = useState('');
  const [path, setPath] = useState<string | null>(null);
  const match = useDeferredValue(typed.trim());
  const trpc = useTRPC();
  const files = useQuery(
    trpc.runs.files.queryOptions({ org, runId, turn, match }, { placeholderData: keepPreviousData, staleTime: 60_000 }),
  );
  return (
    <section aria-label="Files as they were" className="flex min-w-0 flex-col gap-3">
      <h2 className="font-medium">{files.data ? titleOf(files.data.turn) : 'Files as they were'}</h2>
      <Input
        type="search"
        aria-label="Find a file of this moment"
        placeholder="Find a file of this moment"
        maxLength={200}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      {files.error && <p className="text-sm text-ink-3">{errorText(files.error)}</p>}
      {!files.data && !files.error && <Bone className="h-32" />}
      {files.data && <Listed files={files.data} path={path} onPath={setPath} asked={match !== ''} />}
      {path !== null && files.data && (
        <OneFile {...{ org, runId, path }} turn={files.data.turn} onClose={() => setPath(null)} />
      )}
    </section>
  );
}

const titleOf = (turn: number) =>
  turn === 0 ? 'Files as the run found them' : `Files as they were after turn ${turn}`;

const looks: Record<
  RunFilesView['changed'][number]['status'] | 'other',
  { icon: LucideIcon; word: string; tone: string }
> = {
  added: { icon: FilePlus, word: 'new', tone: 'text-good' },
  modified: { icon: FilePen, word: 'changed', tone: 'text-ink-2' },
  deleted: { icon: FileMinus, word: 'deleted', tone: 'text-bad' },
  other: { icon: FileText, word: '', tone: 'text-ink-3' },
};

type Listing = { files: RunFilesView; path: string | null; onPath: (path: string) => void; asked: boolean };

function Listed({ files: { changed, moreChanged, others, moreOthers, leftOut }, path, onPath, asked }: Listing) {
  const lines = [...changed, ...others.map((one) => ({ path: one, status: 'other' as const }))];
  return (
    <>
      <p role="status" className="text-sm text-ink-3">
        {plural(changed.length, 'file', 'files')} changed by then{moreChanged && ', and more'}
        {asked && `, ${plural(others.length, 'other')} found${moreOthers ? ', and more' : ''}`}
      </p>
      {lines.length > 0 && (
        <ul className="max-h-80 min-w-0 overflow-y-auto rounded-md border border-line-strong">
          {lines.map((line) => (
            <Line key={line.path} {...line} open={line.path === path} onOpen={() => onPath(line.path)} />
          ))}
        </ul>
      )}
      {leftOut.length > 0 && (
        <p className="text-sm text-ink-3 foreign">Not kept, because too large or unreadable: {leftOut.join(', ')}</p>
      )}
    </>
  );
}

type LineProps = { path: string; status: keyof typeof looks; open: boolean; onOpen: () => void };

function Line({ path, status, open, onOpen }: LineProps) {
  const { icon: Icon, word, tone } = looks[status];
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        data-row
        aria-pressed={open}
        disabled={status === 'deleted'}
        onClick={onOpen}
        className="flex min-h-8 w-full min-w-0 items-center gap-2 px-2 py-1 text-left text-sm enabled:hover:bg-hover aria-pressed:bg-accent-soft pointer-coarse:min-h-11"
      >
        <Icon aria-hidden className={`size-4 shrink-0 ${tone}`} />
        <span dir="ltr" className="min-w-0 flex-1 truncate font-mono text-xs">
          <Revealed text={path} />
        </span>
        {word && <span className={`shrink-0 text-xs ${tone}`}>{word}</span>}
      </button>
    </li>
  );
}

function OneFile({ org, runId, turn, path, onClose }: Of & { path: string; onClose: () => void }) {
  const trpc = useTRPC();
  const input = { org, runId, turn, path };
  const { data, error } = useQuery(
    trpc.runs.file.queryOptions(input, { placeholderData: keepPreviousData, staleTime: 60_000 }),
  );
  const shown = data?.path === path && !error ? data : null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex min-w-0 items-center gap-2">
        <h3 dir="ltr" className="min-w-0 flex-1 truncate font-mono text-sm">
          <Revealed text={path} />
        </h3>
        {shown && <span className="figures shrink-0 text-xs text-ink-3">{bytes(shown.bytes)}</span>}
        <Button look="quiet" size="small" aria-label="Close the file" onClick={onClose}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
      {error && <p className="text-sm text-ink-3">{errorText(error)}</p>}
      {!error && <Content file={shown} />}
    </div>
  );
}

function Content({ file }: { file: RunFileView | null }) {
  if (file === null) return <Bone className="h-32" />;
  if (file.text === null) return <p className="text-sm text-ink-2">A binary file; it cannot be shown as text.</p>;
  return (
    <>
      {file.cut && <Notice look="warn">Only its beginning is shown.</Notice>}
      <Code label={file.path} text={file.text} lines={400} />
    </>
  );
}
