'use client';

import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Revealed } from '../ui/code.tsx';
import { plural } from '../ui/format.ts';
import type { DiffFile, DiffHunk, DiffLine } from './parse-diff.ts';

const shownLines = 600;
const changeWords: Record<DiffFile['change'], string | null> = {
  added: 'new',
  deleted: 'deleted',
  modified: null,
  renamed: 'renamed',
  copied: 'copied',
};
const lineLooks: Record<DiffLine['kind'], string> = {
  same: '',
  added: 'bg-added',
  removed: 'bg-removed',
  note: 'text-ink-3',
};
const signs: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '−', note: '' };

function Line({ line }: { line: DiffLine }) {
  const number = 'w-[1%] px-2 text-right align-top text-ink-3 select-none';
  return (
    <tr className={lineLooks[line.kind]}>
      <td className={clsx(number, 'max-sm:hidden')}>{line.old}</td>
      <td className={number}>{line.new ?? <span className="sm:hidden">{line.old}</span>}</td>
      <td className="w-[1%] pr-1 align-top select-none">
        <span aria-hidden>{signs[line.kind]}</span>
        {line.kind === 'added' && <span className="sr-only">added</span>}
        {line.kind === 'removed' && <span className="sr-only">removed</span>}
      </td>
      <td className="pr-3 break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
        <Revealed text={line.text.replace(/\r$/, '')} />
      </td>
    </tr>
  );
}

function Hunk({ hunk }: { hunk: DiffHunk }) {
  return (
    <tbody>
      <tr className="bg-sunken text-ink-3">
        <td colSpan={4} className="px-3 py-1">
          Line {hunk.newStart}
          {hunk.context && <span className="pl-3">{hunk.context}</span>}
        </td>
      </tr>
      {hunk.lines.map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </tbody>
  );
}

/** The first hunks up to a number of lines, so that a generated file does not freeze the page. */
function firstHunks(hunks: DiffHunk[], limit: number): DiffHunk[] {
  let left = limit;
  return hunks.flatMap((hunk) => {
    if (left <= 0) return [];
    const lines = hunk.lines.slice(0, left);
    left -= lines.length;
    return [{ ...hunk, lines }];
  });
}

function Body({ file }: { file: DiffFile }) {
  const [whole, setWhole] = useState(false);
  if (file.binary) return <p className="px-3 py-2 text-sm text-ink-2">A binary file; it cannot be shown as text.</p>;
  if (file.hunks.length === 0) return <p className="px-3 py-2 text-sm text-ink-2">No line of it changed.</p>;
  const total = file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const hunks = whole ? file.hunks : firstHunks(file.hunks, shownLines);
  return (
    <>
      <table dir="ltr" className="w-full border-collapse font-mono text-xs leading-5">
        {hunks.map((hunk, index) => (
          <Hunk key={index} hunk={hunk} />
        ))}
      </table>
      {!whole && total > shownLines && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="w-full px-3 py-2 text-left text-sm text-accent hover:bg-hover"
        >
          Show {plural(total - shownLines, 'more line', 'more lines')}
        </button>
      )}
    </>
  );
}

function ModeChange({ file }: { file: DiffFile }) {
  if (!file.newMode || (file.change === 'added' && file.newMode === '100644')) return null;
  const words = file.newMode === '100755' ? 'made executable' : `mode ${file.newMode}`;
  return <span className="shrink-0 rounded-sm border border-needs-ink px-1 text-xs text-needs-ink">{words}</span>;
}

/** The numbers of a change: added and removed lines. */
export function Plusminus({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="figures shrink-0 text-sm whitespace-nowrap">
      <span className="text-good">+{added}</span> <span className="text-bad">−{removed}</span>
    </span>
  );
}

type Props = { file: DiffFile; open: boolean; onToggle: () => void };

/** One file of a diff, folded to its head until it is opened. */
export function FileDiff({ file, open, onToggle }: Props) {
  const word = changeWords[file.change];
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex w-full items-center gap-2 px-3 py-2 text-left hover:bg-hover pointer-coarse:py-3"
      >
        <ChevronRight
          aria-hidden
          className={clsx('size-4 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        <span className="min-w-0 flex-1 font-mono text-sm [overflow-wrap:anywhere]">
          {file.from && (
            <span className="text-ink-3">
              <Revealed text={file.from} /> →{' '}
            </span>
          )}
          <Revealed text={file.path} />
        </span>
        <ModeChange file={file} />
        {word && <span className="shrink-0 text-xs text-ink-3">{word}</span>}
        <Plusminus added={file.added} removed={file.removed} />
      </button>
      {open && (
        <div className="overflow-hidden border-t border-line bg-panel">
          <Body file={file} />
        </div>
      )}
    </li>
  );
}
