import { describe, expect, it } from 'vitest';
import { standingOf, workStatuses, type Work } from './standing.ts';

const now = new Date('2026-11-24T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const over = ['succeeded', 'failed', 'stopped', 'passed', 'answered', 'approved', 'denied', 'expired', 'voided'];
const waits = { for: 'an answer', since: ago(9_000).toISOString(), wakes: 'a person answers', ref: 'apr_1' };

const held = { waits: null, leaseUntil: null, since: ago(60_000) };
const kinds = [
  { kind: 'run', ...held },
  ...(['agent', 'check', 'approval', 'merge'] as const).map((does) => ({ kind: 'stage-attempt', does, ...held })),
  { kind: 'pipeline-run', ...held },
  { kind: 'environment-check', ...held },
  { kind: 'mcp-trial', since: ago(60_000) },
  { kind: 'approval', expiresAt: now, since: ago(60_000) },
] as const;
const all = kinds.flatMap((each) =>
  workStatuses[each.kind as Work['kind']].map((status: string) => ({ ...each, status }) as Work),
);

describe('every state of everything', () => {
  it.each(all.map((work) => [`${work.kind} ${'does' in work ? work.does : ''} ${work.status}`, work] as const))(
    '%s is over, or names what it waits for, since when and what wakes it',
    (_, work) => {
      const standing = standingOf(work, now);
      expect(standing.over).toBe(over.includes(work.status));
      if (standing.over) return;
      const { waits: named } = standing;
      expect(named.for).not.toBe('');
      expect(named.wakes).not.toBe('');
      expect(Date.parse(named.since)).toBeLessThanOrEqual(now.getTime());
    },
  );
});

describe('stale', () => {
  const run = { kind: 'run', waits: null, leaseUntil: null, since: ago(60_000) } as const;
  const until = (ms: number) => ({ ...waits, until: new Date(now.getTime() + ms).toISOString() });
  const pipeline = { kind: 'pipeline-run', leaseUntil: null, waits: null, since: ago(60_000) } as const;
  const stage = { kind: 'stage-attempt', waits: null, leaseUntil: null, since: ago(60_000) } as const;
  const approval = { kind: 'approval', since: ago(60_000) } as const;

  it.each<[string, Work, boolean]>([
    ['a queued run', { ...run, status: 'queued' }, true],
    ['a queued run that waits for a time to come', { ...run, status: 'queued', waits: until(1) }, false],
    ['a queued run that waited for a time', { ...run, status: 'queued', waits: until(0) }, true],
    ['a queued run that waits for a slot', { ...run, status: 'queued', waits }, true],
    ['a running run under its lease', { ...run, status: 'running', leaseUntil: now }, false],
    ['a running run after its lease', { ...run, status: 'running', leaseUntil: ago(1) }, true],
    ['a running run without a lease', { ...run, status: 'running' }, true],
    ['a run that waits for a person', { ...run, status: 'waiting', waits }, false],
    ['a check that nobody took', { ...stage, does: 'check', status: 'queued' }, true],
    ['a merge whose worker is gone', { ...stage, does: 'merge', status: 'running', leaseUntil: ago(1) }, true],
    ['an agent stage, which its run wakes', { ...stage, does: 'agent', status: 'running' }, false],
    ['a server that is being tried', { kind: 'mcp-trial', status: 'asked', since: ago(300_000) }, false],
    ['a server that nobody tried', { kind: 'mcp-trial', status: 'asked', since: ago(300_001) }, true],
    ['a pipeline run that nobody advanced', { ...pipeline, status: 'running' }, true],
    ['a pipeline run just advanced', { ...pipeline, status: 'running', since: ago(1_000) }, false],
    ['a pipeline run that waits for a person', { ...pipeline, status: 'waiting', waits }, false],
    ['an approval past its deadline', { ...approval, status: 'pending', expiresAt: now }, true],
    ['an approval before it', { ...approval, status: 'pending', expiresAt: new Date(now.getTime() + 1) }, false],
  ])('%s: %s', (_, work, stale) => {
    expect(standingOf(work, now)).toMatchObject({ over: false, stale });
  });
});
