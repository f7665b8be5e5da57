import { z } from 'zod';

const webhook = { webhookId: z.string(), place: z.string() };

/** What was done with the log itself. */
export const auditEvents = {
  /** The log up to a signed head was handed out, or what passes `filter` of it; from the leaf `from` on where it was gone on with. */
  'audit.exported': z.object({
    events: z.int(),
    form: z.string(),
    filter: z.string().optional(),
    from: z.int().optional(),
  }),
  /** Evidence was handed out: which, and SHA-256 of what it said. */
  'evidence.made': z.object({
    what: z.enum(['change', 'run', 'period']),
    words: z.string(),
    filter: z.string(),
    factsSha256: z.string(),
    pageSha256: z.string(),
  }),
  'audit.verified': z.object({ streams: z.int(), events: z.int(), ok: z.boolean() }),
  /** A person had the payload of an event blanked; a signed tombstone stands in its place. */
  'audit.erased': z.object({
    streamId: z.string(),
    seq: z.int(),
    kind: z.string(),
    reason: z.string(),
    eventHash: z.string(),
    payloadHash: z.string(),
    /** Whole outputs that went with it; older ones have none. */
    outputs: z.int().optional(),
  }),
  /** For how many days payloads of a kind are kept; null: for ever. */
  'retention.set': z.object({ kind: z.string(), from: z.int().nullable(), to: z.int().nullable() }),
  /** Payloads of a kind that were older than that were erased, each behind a signed tombstone. */
  'retention.swept': z.object({
    kind: z.string(),
    days: z.int(),
    before: z.string(),
    events: z.int(),
    outputs: z.int(),
  }),
  /** Nothing of the run, or without one of the org, is erased until it is lifted. */
  'hold.placed': z.object({ holdId: z.string(), runId: z.string().nullable(), reason: z.string() }),
  'hold.lifted': z.object({ holdId: z.string(), runId: z.string().nullable(), reason: z.string() }),
  /** An address that events (those that pass `filter`) or signed heads are sent to from the leaf `from` on; only where it leads, not its path. */
  'webhook.saved': z.object({
    ...webhook,
    filter: z.string(),
    sendsEvents: z.boolean(),
    sendsHeads: z.boolean(),
    from: z.int(),
    replaced: z.boolean(),
  }),
  'webhook.removed': z.object(webhook),
  'webhook.secret-changed': z.object({ ...webhook, earlierUntil: z.string() }),
  'webhook.tested': z.object(webhook),
  'webhook.enabled': z.object(webhook),
  'webhook.disabled': z.object({ ...webhook, why: z.enum(['person', 'failing', 'gone']), problem: z.string() }),
  /** Messages that had been given up are sent once more. */
  'webhook.resent': z.object({ ...webhook, messages: z.int() }),
  /** Events were handed out: those of the leaves from `from` up to and without `to` that pass its filter. Written before the first leaves. */
  'webhook.queued': z.object({ ...webhook, from: z.int(), to: z.int(), events: z.int() }),
} as const;
