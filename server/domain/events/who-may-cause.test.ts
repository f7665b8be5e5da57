import { describe, expect, it } from 'vitest';
import { orgEvents, type OrgEventKind } from './org-events.ts';
import { assertMayCause, decidedByPeople, mayCause, saidByRuns } from './who-may-cause.ts';

const kinds = Object.keys(orgEvents) as OrgEventKind[];

describe('of all that an org’s log can say', () => {
  it.each(kinds)('%s: a run only if it asks, hands in or reviews', (kind) => {
    const isOfRuns = ['approval.requested', 'change.moved', 'review.recorded'].includes(kind);
    expect(mayCause({ type: 'agent-run' }, kind)).toBe(isOfRuns);
    expect(mayCause({ type: 'user' }, kind)).toBe(true);
    const alone = decidedByPeople.includes(kind);
    expect([mayCause({ type: 'system' }, kind), mayCause({ type: 'service-account' }, kind)]).toEqual([!alone, !alone]);
  });

  it('each list has kinds that are, once, and none has another’s', () => {
    const listed = [...saidByRuns, ...decidedByPeople];
    expect(new Set(listed).size).toBe(listed.length);
    for (const kind of listed) expect(kinds).toContain(kind);
  });

  it.each(['approval.decided', 'change.merged', 'member.invited', 'policy.saved', 'budget.set'] as const)(
    '%s by a run is refused in words for a person',
    (kind) => {
      expect(() => assertMayCause({ type: 'agent-run' }, kind)).toThrow('Only a person can do this');
    },
  );
});
