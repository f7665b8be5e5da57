'use client';

import type { ReactNode } from 'react';
import { deciderNames } from '../../server/domain/approval/decided-by.ts';
import { decidesOn } from '../../server/domain/approval/subject.ts';
import { isCompared } from '../../server/domain/checks/compare-tests.ts';
import type { ApprovalView, ChangeView } from '../../server/domain/views/views.ts';
import { checkSentence } from '../checks/check-sentence.ts';
import { tellingTests } from '../checks/test-says.ts';
import { Plusminus } from '../diff/file-diff.tsx';
import { checkStates, reviewStates } from '../status/status.ts';
import { Copyable } from '../ui/copy.tsx';
import { ToneWord } from '../ui/mark.tsx';
import { duration, money, plural } from '../ui/format.ts';
import { DriftFacts } from './drift-facts.tsx';
import { Fact, Facts } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';

type Subject<K> = Extract<ApprovalView['subject'], { kind: K }>;

function ComparedFacts({ evidence }: { evidence: ChangeView['checks'][number]['evidence'] }) {
  if (!isCompared(evidence)) {
    const unknown = 'could not be counted';
    return (
      <>
        <Fact name="New tests">{unknown}</Fact>
        <Fact name="Weakened">
          <ToneWord tone="doubtful">{unknown}</ToneWord>: a test may have been removed or skipped
        </Fact>
      </>
    );
  }
  const { newTests, removedTests, newlySkippedTests } = evidence;
  const weakened = removedTests.length + newlySkippedTests.length;
  return (
    <>
      <Fact name="New tests">
        {newTests.length === 0
          ? 'none'
          : `${tellingTests(newTests)} of ${newTests.length} fail without this change and pass with it`}
      </Fact>
      <Fact name="Weakened">
        {weakened === 0 ? (
          'no test removed or skipped'
        ) : (
          <strong className="text-bad">{plural(weakened, 'test')} removed or skipped</strong>
        )}
      </Fact>
    </>
  );
}

function CheckFact({ change, head }: { change: ChangeView; head: string }) {
  const check = change.checks.findLast((each) => each.commit === head);
  if (!check) return <Fact name="Tests">This commit has not been checked.</Fact>;
  return (
    <>
      <Fact name="Tests">
        <ToneWord tone={checkStates[check.verdict].tone}>{checkStates[check.verdict].word}</ToneWord>:{' '}
        {checkSentence(check.evidence)}
      </Fact>
      {check.evidence.flakyTests && (
        <Fact name="Flaky">
          <ToneWord tone="doubtful">{plural(check.evidence.flakyTests.length, 'test')}</ToneWord> failed at first and
          passed when run once more
        </Fact>
      )}
      <ComparedFacts evidence={check.evidence} />
    </>
  );
}

function ReviewFact({ change, head }: { change: ChangeView; head: string }) {
  const review = change.reviews.findLast((each) => each.commit === head);
  if (!review) return <Fact name="Review">This commit has not been reviewed.</Fact>;
  const open = change.reviews.flatMap((each) => each.findings).filter((finding) => !finding.resolved).length;
  return (
    <Fact name="Review">
      <ToneWord tone={reviewStates[review.verdict].tone}>{reviewStates[review.verdict].word}</ToneWord> by{' '}
      {review.agent}; {open === 0 ? 'no open finding' : plural(open, 'open finding')}
    </Fact>
  );
}

function MergeFacts({ subject, change }: { subject: Subject<'merge'>; change: ChangeView | undefined }) {
  return (
    <>
      <Fact name="Into">
        <span className="font-mono">{subject.target}</span> of {subject.repo}
      </Fact>
      <Fact name="Commit">
        <Copyable value={subject.head} what="commit" />
      </Fact>
      <Fact name="Size">
        {plural(subject.files, 'file')} <Plusminus added={subject.added} removed={subject.removed} />
      </Fact>
      {subject.drift && (
        <Fact name="Drift from plan">
          <DriftFacts drift={subject.drift} />
        </Fact>
      )}
      {subject.asked?.map(({ rule, reason }) => (
        <Fact key={rule} name="A rule asks">
          {reason} <span className="font-mono text-ink-3">{rule}</span>
        </Fact>
      ))}
      {change && <CheckFact change={change} head={subject.head} />}
      {change && <ReviewFact change={change} head={subject.head} />}
      <Fact name="Risk">Risk scoring is not part of this version: judge by tests, review and diff.</Fact>
    </>
  );
}

function BudgetFacts({ subject: { addMicros, addSeconds } }: { subject: Subject<'budget'> }) {
  return (
    <>
      {addMicros > 0 && <Fact name="More money">{money(addMicros)}</Fact>}
      {addSeconds > 0 && <Fact name="More time">{duration(addSeconds)}</Fact>}
      <Fact name="Stays">The budgets of agent, repo and org go on limiting the run.</Fact>
    </>
  );
}

function DefinitionFacts({ subject: { what, basedOn, note, restored } }: { subject: Subject<'definition'> }) {
  const word = what.of === 'agent' ? 'revision' : 'version';
  const ground = what.of === 'tools' ? 'what is allowed now' : 'nothing: it is the first';
  return (
    <>
      <Fact name="Drafted on">{basedOn === 0 ? ground : `${word} ${basedOn}`}</Fact>
      {restored !== null && (
        <Fact name="Takes up again">
          {word} {restored}
        </Fact>
      )}
      <Fact name="Note">{note}</Fact>
    </>
  );
}

function subjectFacts(approval: ApprovalView, change: ChangeView | undefined): ReactNode {
  const { subject } = approval;
  if (subject.kind === 'merge') return <MergeFacts subject={subject} change={change} />;
  if (subject.kind === 'question' || subject.kind === 'blocker') return <Fact name="Repo">{approval.repo}</Fact>;
  if (subject.kind === 'definition') return <DefinitionFacts subject={subject} />;
  if (subject.kind === 'budget') return <BudgetFacts subject={subject} />;
  if (subject.kind === 'scope') {
    return (
      <>
        <Fact name="Repo">{approval.repo}</Fact>
        <Fact name="Agent">{subject.agent}</Fact>
        <Fact name="Holds">for this run, at most a day; what its role forbids stays forbidden</Fact>
      </>
    );
  }
  return (
    <>
      <Fact name="Repo">{approval.repo}</Fact>
      <Fact name="What happened">
        <Words text={subject.detail} /> <span className="font-mono text-ink-3">{subject.reason}</span>
      </Fact>
      <Fact name="Next round">{subject.retryStage}</Fact>
    </>
  );
}

/** Whom the policy leaves it to, and how many have to say yes. */
function Deciding({ approval }: { approval: ApprovalView }) {
  const decides = decidesOn(approval.subject);
  const given = approval.votes.filter(({ verdict }) => verdict === 'approved').length;
  return (
    <>
      {decides && (
        <Fact name="Decides">
          {deciderNames[decides.who]}
          {decides.rules.length > 0 && <span className="font-mono text-ink-3"> {decides.rules.join(', ')}</span>}
        </Fact>
      )}
      {approval.quorum > 1 && (
        <Fact name="Needed">
          {plural(approval.quorum, 'approval')}
          {approval.status === 'pending' && given > 0 && `, ${given} given`}
        </Fact>
      )}
    </>
  );
}

/** What the server knows about the thing to decide; nothing in it was written by an agent. */
export function ApprovalFacts({ approval, change }: { approval: ApprovalView; change: ChangeView | undefined }) {
  return (
    <Facts>
      {subjectFacts(approval, change)}
      <Fact name="Asked by">
        {approval.requestedBy}, <Ago at={approval.createdAt} />
      </Fact>
      <Deciding approval={approval} />
      <Fact name="If denied">{approval.onDeny}</Fact>
      <Fact name="If nobody decides">{approval.onExpiry}</Fact>
    </Facts>
  );
}
