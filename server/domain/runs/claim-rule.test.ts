import { expect, it } from 'vitest';
import { mayBeClaimed, type ClaimFacts } from './claim-rule.ts';

const facts: ClaimFacts = {
  requesterRole: 'member',
  agentServesRepo: true,
  quarantinedAt: null,
  retiredAgent: null,
  unasked: false,
};

it.each<[Partial<ClaimFacts>, object]>([
  [{}, { may: true }],
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
