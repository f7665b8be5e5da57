import type { Pool } from 'pg';
import type { Catalog } from './catalog.ts';
import type { EngineLog, EngineTiming } from './options.ts';
import { endWith, failed, judgeReply } from './outcome.ts';
import type { Poster, Reply } from './post-call.ts';
import type { FunctionSpec } from './registration.ts';
import type { Slots } from './slots.ts';
import { loadCall } from './store/load-call.ts';
import type { OpenCall } from './store/load-call.ts';
import { queueNow } from './store/queue.ts';
import { settleCall } from './store/settle-call.ts';
import type { Outcome } from './store/settle-call.ts';
import type { WorkerHealth } from './worker-health.ts';

export type Calling = {
  pool: Pool;
  catalog: Catalog;
  slots: Slots;
  poster: Poster;
  health: WorkerHealth;
  log: EngineLog;
  timing: EngineTiming;
  now: () => Date;
  random: () => number;
  newId: () => string;
  /** Makes the queue look for jobs this many milliseconds from now. */
  wakeIn: (ms: number) => void;
  /** Calls being made now: a job delivered twice finds its call here. */
  inFlight: Set<string>;
  stopping: () => boolean;
};

/** Makes one call and writes its outcome. Does nothing for a call that is under way, settled, or parked by its limits. */
export async function executeCall(calling: Calling, id: string): Promise<void> {
  if (calling.inFlight.has(id)) return;
  calling.inFlight.add(id);
  try {
    await makeCall(calling, id);
  } finally {
    calling.inFlight.delete(id);
    if (!calling.slots.isParked(id)) await handOn(calling, id);
  }
}

async function makeCall(calling: Calling, id: string): Promise<void> {
  const call = await loadCall(calling.pool, id);
  if (call === null) return;
  if (call.kind === 'sleep' && call.stepId !== null) {
    return settle(calling, call, {
      done: [{ id: call.stepId, data: null, error: null }],
      planned: [],
      again: null,
      end: null,
    });
  }
  const spec = calling.catalog.get(call.functionId);
  if (spec === null) {
    const error = failed('FunctionRemoved', `The function ${call.functionId} is no longer registered.`);
    return settle(calling, call, endWith(error));
  }
  if (!calling.slots.acquire(id, slotsOf(spec, call))) return;
  const reply = await calling.poster.post({ url: urlOf(spec, call), runId: call.runId, body: bodyOf(spec, call) });
  // Left open: the next start makes the call again.
  if (calling.stopping() && reply.kind !== 'answered') return;
  report(calling, call, reply);
  const { retry, reconnect } = calling.timing;
  const judging = { maxAttempts: spec.maxAttempts, retry, reconnect, now: calling.now(), random: calling.random() };
  await settle(calling, call, judgeReply(call, reply, judging));
}

async function settle(calling: Calling, call: OpenCall, outcome: Outcome): Promise<void> {
  const { pool, newId, log } = calling;
  const settled = await settleCall(pool, { call, outcome, newId });
  if (!settled.moved) return;
  if (outcome.end?.status === 'failed') {
    logFailure(log, call, JSON.parse(outcome.end.error));
  }
  const delays = [...outcome.planned, ...(outcome.again ? [outcome.again] : [])].map((next) => next.delayMs);
  delays.filter((ms) => ms > 0).forEach(calling.wakeIn);
  if (outcome.end === null && settled.queued === 0 && settled.pending === 0) {
    await endStuckRun(calling, call);
  }
}

/** A run that neither waits for a step nor has a call would stay active for ever. */
async function endStuckRun(calling: Calling, call: OpenCall): Promise<void> {
  const error = failed('ProtocolError', 'The worker answered with steps that were all done: the run cannot go on.');
  logFailure(calling.log, call, error);
  await calling.pool.query(
    `update engine.run set status = 'failed', error = $2, ended_at = now() where id = $1 and status = 'active'`,
    [call.runId, JSON.stringify(error)],
  );
}

function logFailure(log: EngineLog, call: OpenCall, error: { name?: unknown; message?: unknown } | null): void {
  const what = `${error?.name}: ${error?.message}`.slice(0, 500);
  log.warn({ run: call.runId, function: call.functionId, attempt: call.attempt, error: what }, 'run failed');
}

async function handOn(calling: Calling, id: string): Promise<void> {
  const granted = calling.slots.release(id);
  const gone = granted.length > 0 ? await queueNow(calling.pool, granted) : [];
  // A parked call of a cancelled run was granted what it no longer needs.
  for (const other of gone) await handOn(calling, other);
}

function report(calling: Calling, call: OpenCall, reply: Reply): void {
  if (reply.kind === 'answered') return calling.health.reached();
  calling.health.missed(reply.why);
  const detail = { run: call.runId, function: call.functionId, losses: call.losses + 1, why: reply.why };
  // Once, and again when it lasts: a worker that restarts is no news.
  if (call.losses % 10 === 3) calling.log.warn(detail, 'the worker does not answer; trying again');
}

function slotsOf(spec: FunctionSpec, call: OpenCall) {
  return spec.concurrency.map((rule, index) => ({
    name: `${spec.id} ${index} ${call.slots[index] ?? ''}`,
    limit: rule.limit,
    keyed: rule.key !== null,
  }));
}

function urlOf(spec: FunctionSpec, call: OpenCall): string {
  const url = new URL(spec.url);
  url.searchParams.set('fnId', spec.id);
  url.searchParams.set('stepId', call.stepId ?? 'step');
  return url.href;
}

function bodyOf(spec: FunctionSpec, call: OpenCall) {
  const event: unknown = JSON.parse(call.event);
  const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  const result = (step: OpenCall['steps'][number]) =>
    step.error === null ? { type: 'data', data: parsed(step.data) } : { type: 'error', error: parsed(step.error) };
  const stack = call.steps.map((step) => step.id);
  return {
    event,
    events: [event],
    steps: Object.fromEntries(call.steps.map((step) => [step.id, result(step)])),
    ctx: {
      run_id: call.runId,
      attempt: call.attempt,
      max_attempts: spec.maxAttempts,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack, current: stack.length },
    },
    version: 2,
    use_api: false,
  };
}
