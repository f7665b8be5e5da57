'use client';

import { useMemo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { FileDiff, Plusminus } from './file-diff.tsx';
import { parseDiff, type DiffFile } from './parse-diff.ts';

const openLines = 400;

/** Small diffs start open, unless the page asks for them folded. */
function firstOpen(files: DiffFile[], folded: boolean): Set<string> {
  const lines = files.reduce((sum, file) => sum + file.added + file.removed, 0);
  return new Set(folded || lines > openLines ? [] : files.map((file) => file.path));
}

type Props = { diff: string; cut: boolean; folded?: boolean; empty: string };

/** A diff folded per file. `cut` says that the server sent only its beginning. */
export function Diff({ diff, cut, folded = false, empty }: Props) {
  const files = useMemo(() => parseDiff(diff), [diff]);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  if (files.length === 0) return <p className="text-sm text-ink-3">{empty}</p>;
  const initially = firstOpen(files, folded);
  const isOpen = (file: DiffFile) => toggled.get(file.path) ?? initially.has(file.path);
  const allOpen = files.every(isOpen);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-3 text-sm text-ink-2">
        <span>{plural(files.length, 'file')}</span>
        <Plusminus added={added} removed={removed} />
        <Button
          look="quiet"
          size="small"
          className="ml-auto"
          onClick={() => setToggled(new Map(files.map((file) => [file.path, !allOpen])))}
        >
          {allOpen ? 'Fold all' : 'Open all'}
        </Button>
      </div>
      {cut && (
        <Notice look="warn" title="This diff is not whole">
          It is larger than 1 MB and only its beginning is shown. Look at the branch itself before you decide.
        </Notice>
      )}
      <ul className="overflow-hidden rounded-md border border-line-strong">
        {files.map((file) => (
          <FileDiff
            key={file.path}
            file={file}
            open={isOpen(file)}
            onToggle={() => setToggled(new Map(toggled).set(file.path, !isOpen(file)))}
          />
        ))}
      </ul>
    </div>
  );
}
