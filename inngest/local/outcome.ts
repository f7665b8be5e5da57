import { z } from 'zod';
import { backoffMs, retryAfterMs } from './backoff.ts';
import type { BackoffCurve } from './backoff.ts';
import { sleepMs } from './duration.ts';
import { limits } from './options.ts';
import type { Reply } from './post-call.ts';
import type { OpenCall } from './store/load-call.ts';
import type { NextCall, Outcome } from './store/settle-call.ts';

type Judging = {
  maxAttempts: number;
  retry: BackoffCurve;
  reconnect: BackoffCurve;
  now: Date;
  random: number;
};
type Failure = { error: unknown; final: boolean; retryAfter: number | null };

const nothing: Outcome = { done: [], planned: [], again: null, end: null };
const opSchema = z.object({
  op: z.string(),
  id: z.string().min(1).max(200),
  name: z.string().optional(),
  opts: z.unknown().optional(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});
type Op = z.infer<typeof opSchema>;

/** Reads what the worker replied to a call as what is to be written down and done next. */
export function judgeReply(call: OpenCall, reply: Reply, judging: Judging): Outcome {
  if (reply.kind === 'failed') return judgeFailure(call, failed('CallFailed', reply.why), judging);
  if (reply.kind !== 'answered') return judgeSilence(call, reply, judging);
  if (reply.status === 200) return { ...nothing, end: { status: 'completed', output: reply.body } };
  const failure: Failure = {
    error: parseJson(reply.body) ?? failed('ProtocolError', `The worker answered ${reply.status} with no JSON.`),
    final: reply.headers['x-inngest-no-retry'] === 'true',
    retryAfter: retryAfterMs(reply.headers['retry-after'], judging.now),
  };
  if (reply.status !== 206) return againOr(call, failure, judging) ?? endWith(failure.error);
  const ops = z.array(opSchema).min(1).safeParse(parseJson(reply.body));
  if (!ops.success) return endWith(failed('ProtocolError', 'The worker answered 206 with no step operations.'));
  return judgeOps(call, ops.data, { failure, judging });
}

/** The run's end for a reason of the engine's own. */
export function endWith(error: unknown): Outcome {
  return { ...nothing, end: { status: 'failed', error: JSON.stringify(error) } };
}

/** An error in the shape in which the SDK writes them. */
export function failed(name: string, message: string): { name: string; message: string; stack: string } {
  return { name, message, stack: '' };
}

function judgeFailure(call: OpenCall, error: unknown, judging: Judging): Outcome {
  return againOr(call, { error, final: false, retryAfter: null }, judging) ?? endWith(error);
}

function judgeSilence(call: OpenCall, reply: { kind: 'unreached' | 'lost'; why: string }, judging: Judging): Outcome {
  const losses = call.losses + 1;
  if (reply.kind === 'lost' && losses >= limits.lossesPerAttempt) {
    const why = `The worker broke off this call ${losses} times. Last: ${reply.why}`;
    return judgeFailure(call, failed('WorkerLost', why), judging);
  }
  const delayMs = backoffMs(call.losses, judging.reconnect, judging.random);
  return { ...nothing, again: { ...same(call), losses, delayMs } };
}

function judgeOps(call: OpenCall, ops: Op[], { failure, judging }: { failure: Failure; judging: Judging }): Outcome {
  const outcome = { done: [...nothing.done], planned: [...nothing.planned] };
  for (const op of ops) {
    const result = judgeOp(op, judging.now);
    if ('refused' in result) return endWith(result.refused);
    if ('error' in result) {
      const again = againOr(call, { ...failure, error: result.error, final: failure.final || result.final }, judging);
      if (again !== null) return again;
      outcome.done.push({ id: op.id, data: null, error: JSON.stringify(result.error) });
    } else if ('data' in result) {
      outcome.done.push({ id: op.id, data: result.data, error: null });
    } else outcome.planned.push(result.planned);
  }
  return { ...nothing, ...outcome, ...tooMuch(call, ops, outcome) };
}

type Judged = { data: string } | { error: unknown; final: boolean } | { planned: Planned } | { refused: unknown };
type Planned = NextCall & { stepId: string };

function judgeOp(op: Op, now: Date): Judged {
  const planned = { stepId: op.id, attempt: 0, losses: 0 };
  switch (op.op) {
    case 'StepRun':
      return { data: JSON.stringify(op.data ?? null) };
    case 'StepError':
    case 'StepFailed':
      return { error: op.error ?? failed('Error', 'The step failed.'), final: op.op === 'StepFailed' };
    case 'StepPlanned':
      if (isRace(op)) return { refused: unsupported("group.parallel({ mode: 'race' })") };
      return { planned: { ...planned, kind: 'step', delayMs: 0 } };
    case 'Sleep': {
      const delayMs = sleepMs(op.name ?? '', now);
      if (delayMs === null) return { refused: failed('ProtocolError', `Cannot sleep until ${op.name}.`) };
      return { planned: { ...planned, kind: 'sleep', delayMs } };
    }
    default:
      return { refused: unsupported(`the step operation ${JSON.stringify(op.op)}`) };
  }
}

/** The platform's limits. */
function tooMuch(call: OpenCall, ops: Op[], outcome: Pick<Outcome, 'done' | 'planned'>): Partial<Outcome> {
  const repeated = new Set(ops.map((op) => op.id)).size < ops.length;
  if (repeated) return endWith(failed('ProtocolError', 'The worker named a step twice in one answer.'));
  if (call.steps.length + ops.length > limits.stepsPerRun) {
    return endWith(failed('LimitExceeded', `A run may have ${limits.stepsPerRun} steps and this one has more.`));
  }
  if (outcome.done.some((step) => Buffer.byteLength(step.data ?? '') > limits.stepBytes)) {
    return endWith(failed('LimitExceeded', `A step may return ${limits.stepBytes} bytes and this one returned more.`));
  }
  return {};
}

function againOr(call: OpenCall, failure: Failure, judging: Judging): Outcome | null {
  if (failure.final || call.attempt + 1 >= judging.maxAttempts) return null;
  const delayMs = failure.retryAfter ?? backoffMs(call.attempt, judging.retry, judging.random);
  return { ...nothing, again: { ...same(call), attempt: call.attempt + 1, delayMs } };
}

function same(call: OpenCall): NextCall {
  return { kind: call.kind, stepId: call.stepId, attempt: call.attempt, losses: 0, delayMs: 0 };
}

function unsupported(what: string) {
  return failed('UnsupportedOperation', `The embedded engine does not support ${what}.`);
}

function isRace(op: Op): boolean {
  return typeof op.opts === 'object' && op.opts !== null && 'parallelMode' in op.opts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
