'use client';

import { TriangleAlert } from 'lucide-react';
import { isCompared } from '../../server/domain/checks/compare-tests.ts';
import type { CheckEvidence } from '../../server/domain/checks/evidence.ts';
import type { CheckView } from '../../server/domain/views/views.ts';
import { StateMark } from '../status/state-mark.tsx';
import { checkStates } from '../status/status.ts';
import { Code } from '../ui/code.tsx';
import { Copyable } from '../ui/copy.tsx';
import { millis, plural } from '../ui/format.ts';
import { ToneWord } from '../ui/mark.tsx';
import { Ago } from '../ui/time.tsx';
import { checkSentence } from './check-sentence.ts';
import { NewTests } from './new-tests.tsx';

const shownNames = 8;

function Suspicious({ title, names }: { title: string; names: string[] }) {
  if (names.length === 0) return null;
  return (
    <div className="flex gap-2 rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <ul className="text-ink-2 foreign">
          {names.slice(0, shownNames).map((name, index) => (
            <li key={index} className="line-clamp-3">
              {name}
            </li>
          ))}
          {names.length > shownNames && <li>and {plural(names.length - shownNames, 'more', 'more')}</li>}
        </ul>
      </div>
    </div>
  );
}

function Weakened({ evidence }: { evidence: CheckEvidence }) {
  const { removedTests, newlySkippedTests } = evidence;
  if (!isCompared(evidence)) {
    return (
      <p className="text-sm">
        <ToneWord tone="doubtful">The tests could not be counted</ToneWord>: nobody knows whether one was added, removed
        or skipped.
      </p>
    );
  }
  if (removedTests.length + newlySkippedTests.length === 0) {
    return <p className="text-sm text-ink-2">No test was removed or skipped.</p>;
  }
  return (
    <>
      <Suspicious title={`${plural(removedTests.length, 'test')} removed`} names={removedTests} />
      <Suspicious title={`${plural(newlySkippedTests.length, 'test')} newly skipped`} names={newlySkippedTests} />
    </>
  );
}

/** What Fleet saw when it ran the tests of one commit itself. */
export function CheckEvidencePanel({ check }: { check: CheckView }) {
  const { evidence } = check;
  return (
    <article className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateMark state={checkStates[check.verdict]} />
        <h3 className="font-medium">{checkSentence(evidence)}</h3>
      </div>
      <p className="flex flex-wrap gap-x-3 text-sm text-ink-3">
        <span className="font-mono">{evidence.command}</span>
        <span className="figures">
          {evidence.exitCode === null ? 'no exit code' : `exit ${evidence.exitCode}`} · {millis(evidence.durationMs)}
        </span>
        <span>
          on <Copyable value={check.commit} what="commit" />
        </span>
        <Ago at={check.createdAt} />
      </p>
      <Suspicious title={`${plural(evidence.failing.length, 'test')} failing`} names={evidence.failing} />
      <Suspicious
        title={`${plural(evidence.flakyTests?.length ?? 0, 'test')} failed at first and passed when run once more`}
        names={evidence.flakyTests ?? []}
      />
      {isCompared(evidence) && <NewTests tests={evidence.newTests} />}
      <Weakened evidence={evidence} />
      <details>
        <summary className="list-none text-sm font-medium text-accent">End of the test output</summary>
        <Code className="mt-2" label="End of the test output" text={evidence.outputTail} />
      </details>
    </article>
  );
}
