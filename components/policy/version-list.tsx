'use client';

import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';
import { LineChanges } from './line-changes.tsx';

export type SavedVersion = {
  version: number;
  note: ReactNode;
  author: string | null;
  createdAt: string;
  text: string;
};

type Props = {
  /** The newest first. */
  versions: readonly SavedVersion[];
  /** What one of them is called. */
  word?: 'version' | 'revision';
  /** What they are versions of, where a page has several such lists. */
  of?: string;
  mayChange: boolean;
  /** The version that is being taken up again at this moment. */
  restoring: number | null | undefined;
  onRestore: (version: SavedVersion) => void;
  /** What going back to one would meet, where that does not count at once. */
  whyNot?: (version: SavedVersion) => WhyNot | null;
};

export type WhyNot = { words: string; /** It cannot be gone back to at all. */ refused: boolean };

const upper = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Who saved what and why, and what each version changed of the one before. */
export function VersionList({ versions, word = 'version', of, mayChange, restoring, onRestore, whyNot }: Props) {
  const ofWhat = of === undefined ? '' : ` of ${of}`;
  return (
    <ol className="flex min-w-0 flex-col gap-4" aria-label={of === undefined ? undefined : `${upper(word)}s of ${of}`}>
      {versions.map((saved, at) => {
        const { version, note, author, createdAt, text } = saved;
        const before = versions[at + 1];
        const meets = mayChange && at > 0 ? (whyNot?.(saved) ?? null) : null;
        return (
          <li key={version} className="flex min-w-0 flex-col gap-2">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
              <p className="min-w-0 foreign">
                <b className="font-medium">
                  {upper(word)} {version}
                </b>{' '}
                <span className="text-ink-2">{note}</span>{' '}
                <span className="text-sm text-ink-3">
                  {author && `${author}, `}
                  <Ago at={createdAt} />
                </span>
              </p>
              {mayChange && at > 0 && !meets?.refused && (
                <Button
                  busy={restoring === version}
                  aria-label={`Go back to ${word} ${version}${ofWhat}`}
                  onClick={() => onRestore(saved)}
                >
                  Go back to {word} {version}
                </Button>
              )}
            </div>
            {meets && <p className="max-w-[76ch] text-sm text-ink-2">{meets.words}</p>}
            {before && (
              <LineChanges before={before.text} after={text} label={`What ${word} ${version}${ofWhat} changed`} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
