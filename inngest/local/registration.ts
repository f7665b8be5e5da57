import { parseCronItems } from 'graphile-worker';
import { z } from 'zod';
import { parseMatch, parsePath } from './dotted-path.ts';
import type { DottedPath } from './dotted-path.ts';

type ConcurrencyLimit = { limit: number; key: DottedPath | null };
type CancelRule = { event: string; match: { own: DottedPath; other: DottedPath } | null };

/** One function as the engine runs it. */
export type FunctionSpec = {
  id: string;
  /** Where the worker takes its calls, with `fnId` and `stepId` in the query. */
  url: string;
  maxAttempts: number;
  events: readonly string[];
  crons: readonly string[];
  concurrency: readonly ConcurrencyLimit[];
  cancel: readonly CancelRule[];
  idempotency: DottedPath | null;
};

export type Registration = { app: string; functions: readonly FunctionSpec[] };

/** What a registration asks for that this engine cannot do, in words for the person who wrote the function. */
export class RegistrationError extends Error {}

const defaultRetries = 3;
const concurrency = z.strictObject({
  limit: z.number().int().min(1),
  key: z.string().optional(),
  scope: z.literal('fn').optional(),
});
const config = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().optional(),
  triggers: z
    .array(z.union([z.strictObject({ event: z.string().min(1) }), z.strictObject({ cron: z.string() })]))
    .min(1),
  steps: z.strictObject({
    step: z.object({
      runtime: z.object({ type: z.literal('http'), url: z.httpUrl().or(z.url({ protocol: /^https?$/ })) }),
      retries: z.object({ attempts: z.number().int().min(0).optional() }).optional(),
    }),
  }),
  concurrency: z.union([z.number().int().min(1), concurrency, z.array(concurrency).min(1).max(2)]).optional(),
  cancel: z.array(z.strictObject({ event: z.string().min(1), if: z.string().optional() })).optional(),
  idempotency: z.string().optional(),
});
const body = z.object({ appName: z.string().min(1), functions: z.array(z.record(z.string(), z.unknown())).min(1) });

/** Reads the body of POST /fn/register. Throws RegistrationError naming function and option; then nothing is registered. */
export function parseRegistration(raw: unknown): Registration {
  const parsed = body.safeParse(raw);
  if (!parsed.success) throw new RegistrationError(`Not a registration: ${explain(parsed.error)}`);
  return { app: parsed.data.appName, functions: parsed.data.functions.map(parseFunction) };
}

function parseFunction(raw: Record<string, unknown>): FunctionSpec {
  const named = `Function ${JSON.stringify(raw.id ?? '?')}`;
  const parsed = config.safeParse(raw);
  if (!parsed.success) {
    throw new RegistrationError(`${named} uses what the embedded engine does not support: ${explain(parsed.error)}`);
  }
  const read = parsed.data;
  const path = (expression: string, option: string): DottedPath => {
    const found = parsePath(expression);
    if (found !== null) return found;
    throw new RegistrationError(
      `${named}: ${option} ${JSON.stringify(expression)} is not a dotted path such as event.data.orgId, the only expression the embedded engine supports.`,
    );
  };
  const rules = read.concurrency === undefined ? [] : [read.concurrency].flat();
  return {
    id: read.id,
    url: read.steps.step.runtime.url,
    maxAttempts: (read.steps.step.retries?.attempts ?? defaultRetries) + 1,
    events: read.triggers.flatMap((trigger) => ('event' in trigger ? [trigger.event] : [])),
    crons: read.triggers.flatMap((trigger) => ('cron' in trigger ? [parseCron(trigger.cron, named)] : [])),
    concurrency: rules.map((rule) => {
      if (typeof rule === 'number') return { limit: rule, key: null };
      return { limit: rule.limit, key: rule.key === undefined ? null : path(rule.key, 'the concurrency key') };
    }),
    cancel: (read.cancel ?? []).map((rule) => ({ event: rule.event, match: parseCancel(rule.if, named) })),
    idempotency: read.idempotency === undefined ? null : path(read.idempotency, 'the idempotency key'),
  };
}

function parseCancel(condition: string | undefined, named: string): CancelRule['match'] {
  if (condition === undefined) return null;
  const match = parseMatch(condition);
  if (match !== null) return match;
  throw new RegistrationError(
    `${named}: the cancelOn condition ${JSON.stringify(condition)} is not of the form event.data.id == async.data.id, the only one the embedded engine supports. Use cancelOn's match.`,
  );
}

function parseCron(pattern: string, named: string): string {
  try {
    parseCronItems([{ task: 'cron', match: pattern, identifier: 'probe' }]);
    return pattern;
  } catch {
    throw new RegistrationError(
      `${named}: the cron pattern ${JSON.stringify(pattern)} is not five UTC fields, the only form the embedded engine supports.`,
    );
  }
}

function explain(error: z.ZodError): string {
  const issues = error.issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue]));
  return issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; ');
}
