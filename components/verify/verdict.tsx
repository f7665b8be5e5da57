'use client';

import type { FileVerdict } from '../../server/domain/audit/check-file.ts';
import type { LogProblem } from '../../server/domain/audit/log-checker.ts';
import { Revealed } from '../ui/code.tsx';
import { Copyable } from '../ui/copy.tsx';
import { plural } from '../ui/format.ts';
import { ToneIcon } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts } from '../ui/section.tsx';

const shown = 20;

function Problem({ stream, seq, problem, tampering }: LogProblem) {
  return (
    <li className="min-w-0 break-words">
      {stream === null ? 'The log' : `Event ${seq} of stream ${stream}`}: <Revealed text={problem} />{' '}
      <span className="font-mono text-xs text-ink-3">[{tampering}]</span>
    </li>
  );
}

function sentence({ excerpt, events, facts }: FileVerdict): string {
  if (facts !== null) return 'Evidence whose page, facts and events are what was written';
  if (excerpt === null) return `Nothing missing, nothing changed: all ${plural(events, 'event')} are what was written`;
  return `An excerpt: each of its ${plural(events, 'event')} is what was written, where it was written`;
}

/** What a check came to, and what it rests on. */
export function Verdict({ verdict, trusted }: { verdict: FileVerdict; trusted: boolean }) {
  const { problems, excerpt, events, erased, keys, root, org, streams, heads, kept, facts } = verdict;
  const size = events + (excerpt?.omitted ?? 0);
  return (
    <div role="status" className="flex min-w-0 flex-col gap-4">
      {problems.length === 0 ? (
        <p className="flex items-start gap-2 text-lg font-medium">
          <ToneIcon tone="good" className="mt-1" />
          {sentence(verdict)}
        </p>
      ) : (
        <Notice look="bad" title={`This is not the log that was signed: ${plural(problems.length, 'problem')}`}>
          <ol className="flex list-decimal flex-col gap-1 pl-5">
            {problems.slice(0, shown).map((problem, index) => (
              <Problem key={index} {...problem} />
            ))}
          </ol>
        </Notice>
      )}
      <Facts>
        {facts !== null && (
          <Fact name="Evidence of">
            <Revealed text={`${facts.about.words}, made at ${facts.at}`} />
          </Fact>
        )}
        <Fact name="Log of">
          <span className="font-mono">{org}</span>
        </Fact>
        <Fact name="Events">
          {events.toLocaleString('en-GB')} in {plural(streams, 'stream')}
          {erased > 0 && `; ${erased.toLocaleString('en-GB')} erased, each with a signed tombstone in its place`}
          {excerpt !== null && `; ${excerpt.omitted.toLocaleString('en-GB')} are left out, of which nothing is said`}
        </Fact>
        {excerpt !== null && (
          <Fact name="Asked for">
            <span className="font-mono">
              <Revealed text={excerpt.filter} />
            </span>
          </Fact>
        )}
        <Fact name="Signed">
          {plural(heads, 'head')} by {keys.join(', ') || 'nobody'}
          {trusted
            ? ', the key you gave'
            : ', as the file itself says: compare with the key that the installation publishes, or give it above'}
        </Fact>
        <Fact name="Kept heads">
          {kept === 0 ? 'none was given: who holds the key could have written another log' : `held to ${kept}`}
        </Fact>
        {problems.length === 0 && (
          <Fact name="Keep this">
            <Copyable value={`${size}:${root}`} shown={`${size}:${root}`} what="head" />
          </Fact>
        )}
      </Facts>
    </div>
  );
}
