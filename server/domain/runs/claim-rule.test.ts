import { expect, it } from 'vitest';
import { mayBeClaimed, type ClaimFacts } from './claim-rule.ts';

const facts: ClaimFacts = { requesterRole: 'member', agentServesRepo: true, quarantinedAt: null };

it.each<[Partial<ClaimFacts>, object]>([
  [{}, { may: true }],
  [{ requesterRole: null }, { may: false, outcome: { reason: 'not_allowed' } }],
  [{ requesterRole: 'auditor' }, { may: false, outcome: { reason: 'not_allowed' } }],
  [{ agentServesRepo: false }, { may: false, outcome: { reason: 'not_allowed' } }],
  [
    { quarantinedAt: new Date(), requesterRole: null },
    { may: false, hold: { wakes: expect.any(String) } },
  ],
])('%j', (change, verdict) => {
  expect(mayBeClaimed({ ...facts, ...change })).toMatchObject(verdict);
});
