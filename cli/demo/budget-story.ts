import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalView, RunView } from '../../server/domain/views/views.ts';
import { AppError } from '../../server/domain/errors.ts';
import { isLandingNotice } from '../../server/domain/transcript/notices.ts';
import type { FleetClient } from './client.ts';
import { patiently, type SeenEvent } from './follow-task.ts';

/** What each run has of run-time, what a person gives on top, and how long that person looks before. */
const runSeconds = 20;
const givenSeconds = 4;
const lookMs = 3_000;

type Of = { client: FleetClient; org: string; signal: AbortSignal };

async function limitRuns({ client, org }: Of, seconds: number | null): Promise<void> {
  const { rows } = await client.settings.budgets.query({ org });
  const every = rows.find(({ dimension }) => dimension === 'run');
  if (!every) throw new AppError('not_found', 'The org has no budget for every run.');
  const { dimension, subject, micros, tokens } = every;
  await client.settings.setBudget.mutate({ org, dimension, subject, micros, tokens, seconds });
}

/** Before the task is filed. */
export const prepareBudgetStory = (of: Of) => limitRuns(of, runSeconds);

type Answering = Of & { taskId: string; seen: SeenEvent[] };

/**
 * What the person of this story does their own way: gives a part of what is asked for, and has the stopped run go on from
 * its last turn without the limit. False where the story has nothing to say.
 */
export async function answerInBudgetStory(
  answering: Answering,
  { id: approvalId, digest, subject }: Pick<ApprovalView, 'id' | 'digest' | 'subject'>,
): Promise<boolean> {
  const { client, org, signal } = answering;
  if (subject.kind === 'budget') {
    await sleep(lookMs, undefined, { signal });
    const granted = { kind: 'budget' as const, addMicros: 0, addSeconds: givenSeconds };
    const reason = 'A little more, to see what comes of it (demo).';
    await client.approvals.decide.mutate({ org, approvalId, digest, verdict: 'approved', reason, granted });
    return true;
  }
  if (subject.kind !== 'escalation' || subject.reason !== 'run_time_exhausted') return false;
  await limitRuns(answering, null);
  await goOn(answering);
  return true;
}

/** From the last turn whose work tree was kept. */
async function goOn({ client, org, taskId, seen, signal }: Answering): Promise<void> {
  const { pipelineRun } = await patiently(() => client.tasks.get.query({ org, taskId }), signal);
  const stage = pipelineRun.stages.findLast(({ runId }) => runId !== null);
  const runId = stage?.runId;
  if (!stage || !runId) throw new AppError('not_found', 'There is no run to go on with.');
  const own = () => seen.filter(({ source }) => source === `${stage.stage} ${stage.attempt}`);
  while (!own().some(({ event }) => event.kind === 'run.ended')) await sleep(50, undefined, { signal });
  const turn = Number(
    field(
      own().findLast(({ event }) => event.kind === 'workspace.snapshotted'),
      'turn',
    ),
  );
  const note = 'Take the time that it needs; what you saved is there (demo).';
  await client.runs.retry.mutate({ org, runId, turn, note });
}

const field = (seen: SeenEvent | undefined, name: string) =>
  (seen?.event.payload as Record<string, unknown> | undefined)?.[name];

export type BudgetFigures = {
  /** Run-time of the stopped run, in ms: when it was told to land, its limit at the end, and when it was stopped. */
  toldAtMs: number;
  limitMs: number;
  stoppedAtMs: number;
  /** Files written between the notice and the stop, and written again by the run that went on. */
  saved: number;
  savedAgain: number;
  /** Seconds that the agent asked for and got. */
  asked: number;
  given: number;
  reason: string;
  wentOnFromTurn: number | null;
};

const millis = (from: string, to: string) => new Date(to).getTime() - new Date(from).getTime();

type Asked = Pick<ApprovalView, 'subject' | 'granted'>;

function raiseIn(approvals: Asked[]): { asked: number; given: number } {
  const raise = approvals.find(({ subject }) => subject.kind === 'budget');
  const asked = raise?.subject.kind === 'budget' ? raise.subject.addSeconds : 0;
  return { asked, given: raise?.granted?.kind === 'budget' ? raise.granted.addSeconds : 0 };
}

/** What the story came to, read from the log, the runs and the approvals. */
export function budgetFigures(
  seen: SeenEvent[],
  runs: Pick<RunView, 'stage' | 'attempt' | 'startedAt' | 'forkOf'>[],
  approvals: Asked[],
): BudgetFigures {
  const of = (attempt: number) => seen.filter(({ source }) => source === `build ${attempt}`);
  const [first, second] = [of(1), of(2)];
  const notice = first.find((one) => one.event.kind === 'message.added' && isLandingNotice(String(field(one, 'text'))));
  const creates = (events: SeenEvent[]) =>
    events.filter((one) => one.event.kind === 'tool.finished' && field(one, 'tool') === 'create').length;
  const startedAt = runs.find(({ stage, attempt }) => stage === 'build' && attempt === 1)?.startedAt ?? null;
  const end = first.find(({ event }) => event.kind === 'run.ended');
  const raise = raiseIn(approvals);
  return {
    toldAtMs: notice && startedAt ? millis(startedAt, notice.event.at) : -1,
    limitMs: (runSeconds + raise.given) * 1_000,
    stoppedAtMs: Number(field(end, 'millisUsed') ?? -1),
    saved: notice ? creates(first.slice(first.indexOf(notice))) : 0,
    savedAgain: creates(second),
    ...raise,
    reason: (field(end, 'outcome') as { reason: string } | undefined)?.reason ?? 'none',
    wentOnFromTurn: runs.find(({ forkOf }) => forkOf !== null)?.forkOf?.turn ?? null,
  };
}

/** What must hold of it; each fault is a sentence. */
export function budgetFaults(figures: BudgetFigures): string[] {
  const { toldAtMs, limitMs, stoppedAtMs, saved, savedAgain, asked, given, reason, wentOnFromTurn } = figures;
  const [earliest, latest] = [runSeconds * 850, runSeconds * 1_000];
  const rules: [boolean, string][] = [
    [toldAtMs >= earliest && toldAtMs < latest, `the agent was told to land at ${toldAtMs} ms of ${latest}`],
    [
      saved === 1 && savedAgain === 0,
      `it saved ${saved} files then, and the run that went on wrote ${savedAgain} again`,
    ],
    [given > 0 && given < asked, `a person gave ${given} of the ${asked} s it asked for`],
    [reason === 'run_time_exhausted', `the run ended with ${reason} instead of its run-time`],
    [
      stoppedAtMs >= limitMs && stoppedAtMs <= limitMs + 1_000,
      `it was stopped at ${stoppedAtMs} ms, its limit was ${limitMs}`,
    ],
    [wentOnFromTurn !== null, 'no run went on from a turn of it'],
  ];
  return rules.flatMap(([holds, fault]) => (holds ? [] : [fault]));
}
