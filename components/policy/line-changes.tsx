import { clsx } from 'clsx';
import { lineDiff } from '../../server/domain/policy/line-diff.ts';
import { Revealed } from '../ui/code.tsx';

const looks = { same: 'text-ink-3', added: 'bg-good-soft', removed: 'bg-bad-soft' } as const;
const signs = { same: ' ', added: '+', removed: '−' } as const;

/** Two texts line by line; the signs say what the colours do. */
export function LineChanges({ before, after, label }: { before: string; after: string; label: string }) {
  return (
    <pre
      dir="ltr"
      tabIndex={0}
      role="region"
      aria-label={label}
      className="max-h-72 overflow-auto rounded-md border border-line bg-sunken py-2 font-mono text-xs leading-5"
    >
      {lineDiff(before.trimEnd(), after.trimEnd()).map(({ kind, text }, at) => (
        <span key={at} className={clsx('block px-3 whitespace-pre-wrap', looks[kind])}>
          {signs[kind]} <Revealed text={text} />
        </span>
      ))}
    </pre>
  );
}
