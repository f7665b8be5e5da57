import { expect, it } from 'vitest';
import { mayBeClaimed, type ClaimFacts } from './claim-rule.ts';

const facts: ClaimFacts = {
  requesterRole: 'member',
  agentServesRepo: true,
  quarantinedAt: null,
  retiredAgent: null,
  unasked: false,
  orgGoesAt: null,
};

it.each<[Partial<ClaimFacts>, object]>([
  [{}, { may: true }],
  [
    { orgGoesAt: new Date('2026-12-04T00:00:00Z'), quarantinedAt: new Date() },
    { may: false, outcome: { reason: 'not_allowed', detail: expect.stringContaining('deleted on 4 December 2026') } },
  ],
  [{ unasked: true }, { may: false, outcome: { reason: 'not_allowed' } }],
  [{ requesterRole: null }, { may: false, outcome: { reason: 'not_allowed' } }],
  [{ requesterRole: 'auditor' }, { may: false, outcome: { reason: 'not_allowed' } }],
  [{ agentServesRepo: false }, { may: false, outcome: { reason: 'not_allowed' } }],
  [
    { retiredAgent: 'Developer', quarantinedAt: new Date() },
    { may: false, outcome: { reason: 'not_allowed', detail: expect.stringContaining('Developer has been retired') } },
  ],
  [
    { quarantinedAt: new Date(), requesterRole: null },
    { may: false, hold: { wakes: expect.any(String) } },
  ],
])('%j', (change, verdict) => {
  expect(mayBeClaimed({ ...facts, ...change })).toMatchObject(verdict);
});
