import { describe, expect, it } from 'vitest';
import { changePipeline } from './definition.ts';
import { nextStep } from './next-step.ts';
import type { Attempt, Escalation, NextStep } from './pipeline-history.ts';
import type { StageCause } from './stage-input.ts';
import type { StageOutcome } from './stage-outcome.ts';
import { outcomePasses } from './stage-outcome.ts';

const agent = (
  reason: Extract<StageOutcome, { kind: 'agent' }>['reason'],
  verdict?: 'approve' | 'changes_requested',
): StageOutcome => ({ kind: 'agent', reason, detail: 'why', review: verdict ? { id: 'rev', verdict } : null });
const check = (verdict: 'passed' | 'failed' | 'broken', failing: string[] = []): StageOutcome => ({
  kind: 'check',
  verdict,
  detail: 'why',
  checkResultId: null,
  failing,
  casesBlobId: null,
});
const approval = (decision: 'approved' | 'denied' | 'voided'): StageOutcome => ({
  kind: 'approval',
  approvalId: 'apr',
  decision,
  reason: 'because',
});
const merge = (result: Extract<StageOutcome, { kind: 'merge' }>['result'], paths: string[] = []): StageOutcome => ({
  kind: 'merge',
  result,
  detail: 'why',
  commit: null,
  paths,
  failing: [],
  target: 't',
});

const sentBack: StageOutcome = {
  kind: 'approval',
  approvalId: 'apr',
  decision: 'denied',
  reason: 'because',
  rework: true,
};
const handedOff = agent('handed_off');
const approved = agent('decided', 'approve');
const changes = agent('decided', 'changes_requested');

/** Plays outcomes one after the other, as the pipeline itself would go on, and returns the step after the last. */
function play(outcomes: StageOutcome[], escalations: Omit<Escalation, 'attemptId'>[] = []): NextStep {
  const attempts: Attempt[] = [];
  const asked: Escalation[] = [];
  const waiting = [...escalations];
  for (const outcome of outcomes) {
    const step = settle(attempts, asked, waiting);
    if (step.do !== 'start')
      throw new Error(`outcome ${JSON.stringify(outcome)} has no attempt: ${JSON.stringify(step)}`);
    attempts.push({
      id: `att${attempts.length}`,
      stage: step.stage.name,
      attempt: step.attempt,
      cause: step.cause,
      status: outcomePasses(outcome) ? 'passed' : 'failed',
      outcome,
    });
  }
  return settle(attempts, asked, waiting);
}

function settle(attempts: Attempt[], asked: Escalation[], waiting: Omit<Escalation, 'attemptId'>[]): NextStep {
  const history = { definition: changePipeline, attempts, escalations: asked };
  const step = nextStep(history);
  const decided = waiting[0];
  if (step.do !== 'escalate' || !decided) return step;
  waiting.shift();
  asked.push({ ...decided, attemptId: step.attemptId, reason: step.reason, retryStage: step.retryStage });
  return nextStep(history);
}

const yes = { approvalId: 'esc', status: 'approved' as const, reason: '', retryStage: '', note: 'go on' };
const starts = (stage: string, attempt: number, cause?: Partial<StageCause>) => ({
  do: 'start',
  attempt,
  stage: expect.objectContaining({ name: stage }),
  cause: cause ? expect.objectContaining(cause) : { from: 'order' },
});
const asks = (reason: string, retryStage: string) => expect.objectContaining({ do: 'escalate', reason, retryStage });

const green = [check('passed'), handedOff, check('passed')];
const built = [check('passed'), handedOff];
const reworked = [handedOff, check('passed'), approved];

describe('nextStep', () => {
  const cases: [string, StageOutcome[], unknown][] = [
    ['starts with the base', [], starts('prepare', 1, { from: 'order' })],
    ['goes on in order', [check('passed')], starts('build', 1)],
    ['checks what was built', built, starts('check', 1)],
    ['reviews what passed', green, starts('review', 1)],
    ['asks for the merge', [...green, approved], starts('merge-ok', 1)],
    ['merges what was approved', [...green, approved, approval('approved')], starts('merge', 1)],
    [
      'ends merged',
      [...green, approved, approval('approved'), merge('merged')],
      expect.objectContaining({ do: 'end', status: 'succeeded' }),
    ],
    ['a base with failing tests needs a person', [check('failed', ['t'])], asks('base_tests_fail', 'build')],
    ['a broken environment needs a person', [check('broken')], asks('environment_broken', 'prepare')],
    [
      'failing tests go back',
      [...built, check('failed', ['t'])],
      starts('build', 2, { from: 'check', failing: ['t'] }),
    ],
    [
      'the same failing set twice needs a person',
      [...built, check('failed', ['a', 'b']), handedOff, check('failed', ['b', 'a'])],
      asks('same_tests_fail', 'build'),
    ],
    [
      'three corrections at most',
      [...built, ...['a', 'b', 'c'].flatMap((t) => [check('failed', [t]), handedOff]), check('failed', ['d'])],
      asks('tests_keep_failing', 'build'),
    ],
    [
      'exit codes alone are never the same set',
      [...built, check('failed'), handedOff, check('failed')],
      starts('build', 3, { from: 'check' }),
    ],
    ['a broken check is nobody’s fault', [...built, check('broken')], asks('environment_broken', 'check')],
    ['requested changes go back', [...green, changes], starts('build', 2, { from: 'review', reviewId: 'rev' })],
    [
      'two review rounds at most',
      [...green, changes, handedOff, check('passed'), changes, handedOff, check('passed'), changes],
      asks('review_rounds_used', 'build'),
    ],
    ['no decision: another reviewer', [...green, agent('turn_limit')], starts('review', 2, { from: 'again' })],
    ['no decision twice: a person', [...green, agent('turn_limit'), agent('no_handoff')], asks('no_handoff', 'review')],
    ['a spent run needs a person', [check('passed'), agent('run_time_exhausted')], asks('run_time_exhausted', 'build')],
    ['a lost sandbox starts over', [check('passed'), agent('sandbox_lost')], starts('build', 2, { from: 'again' })],
    [
      'a lost sandbox starts over twice at most',
      [check('passed'), agent('sandbox_lost'), agent('sandbox_lost'), agent('sandbox_lost')],
      asks('sandbox_lost', 'build'),
    ],
    [
      'a denied merge ends it',
      [...green, approved, approval('denied')],
      { do: 'end', status: 'failed', outcome: { reason: 'merge_denied', detail: 'because' } },
    ],
    [
      'a denied merge goes back where the person says so',
      [...green, approved, sentBack],
      starts('build', 2, { from: 'denial', approvalId: 'apr', note: 'because' }),
    ],
    [
      'a denied merge goes back twice at most',
      [...green, approved, sentBack, ...reworked, sentBack, ...reworked, sentBack],
      { do: 'end', status: 'failed', outcome: { reason: 'merge_denied', detail: 'because' } },
    ],
    [
      'a stuck run starts afresh',
      [check('passed'), agent('stuck')],
      starts('build', 2, { from: 'again', reason: 'stuck' }),
    ],
    ['a run stuck twice needs a person', [check('passed'), agent('stuck'), agent('stuck')], asks('stuck', 'build')],
    ['a voided approval checks again', [...green, approved, approval('voided')], starts('check', 2, { from: 'merge' })],
    [
      'a conflict goes back',
      [...green, approved, approval('approved'), merge('conflict', ['a.js'])],
      starts('build', 2, { from: 'merge', problem: 'conflict', paths: ['a.js'] }),
    ],
    [
      'a failing merge result goes back once',
      [
        ...[...green, approved, approval('approved'), merge('tests_failed')],
        ...[handedOff, check('passed'), approved, approval('approved'), merge('tests_failed')],
      ],
      asks('merge_tests_failed', 'build'),
    ],
    [
      'a refused push needs a person',
      [...green, approved, approval('approved'), merge('refused')],
      asks('merge_refused', 'merge'),
    ],
  ];
  it.each(cases)('%s', (_name, outcomes, expected) => {
    expect(play(outcomes)).toEqual(expected);
  });

  it('waits while an attempt is open', () => {
    const open: Attempt = {
      id: 'a',
      stage: 'build',
      attempt: 1,
      status: 'running',
      cause: { from: 'order' },
      outcome: null,
    };
    expect(nextStep({ definition: changePipeline, attempts: [open], escalations: [] })).toEqual({ do: 'wait' });
  });

  it('a person grants one more round, which does not count as a route', () => {
    const failing = ['a', 'b', 'c'].flatMap((t) => [check('failed', [t]), handedOff]);
    const outcomes = [...built, ...failing, check('failed', ['d'])];
    expect(play(outcomes, [yes])).toEqual(starts('build', 5, { from: 'person', note: 'go on' }));
    expect(play([...outcomes, handedOff, check('failed', ['e'])], [yes])).toEqual(asks('tests_keep_failing', 'build'));
  });

  it('waits for the person and ends when he or she declines', () => {
    const outcomes = [check('broken')];
    expect(play(outcomes, [{ ...yes, status: 'pending' }])).toEqual({ do: 'wait' });
    expect(play(outcomes, [{ ...yes, status: 'denied', note: 'not now' }])).toEqual({
      do: 'end',
      status: 'failed',
      outcome: { reason: 'closed_by_person', detail: 'not now' },
    });
  });

  it('a stopped run stops the pipeline run', () => {
    const run: Attempt = {
      id: 'a',
      stage: 'build',
      attempt: 1,
      status: 'stopped',
      cause: { from: 'order' },
      outcome: { ...handedOff, reason: 'stopped_by_person', detail: 'wrong task' } as StageOutcome,
    };
    expect(nextStep({ definition: changePipeline, attempts: [run], escalations: [] })).toEqual({
      do: 'end',
      status: 'stopped',
      outcome: { reason: 'stopped_by_person', detail: 'wrong task' },
    });
  });

  it('a definition that names nothing ends with words', () => {
    const definition = { name: 'x', stages: [] };
    expect(nextStep({ definition, attempts: [], escalations: [] })).toMatchObject({ do: 'end', status: 'failed' });
  });
});
