import { describe, expect, it } from 'vitest';
import type { Finding, ReviewDecision } from '../../domain/roles/role-body.ts';
import { whyRefused } from './record-decision.ts';

const diff = `--- a/src/a.js
+++ b/src/a.js
@@ -1,1 +1,2 @@
 one
+two
`;
const finding = (over: Partial<Finding> = {}): Finding => ({
  path: 'src/a.js',
  line: 2,
  severity: 'must',
  statement: 'wrong',
  evidence: 'node printed NaN',
  suggestion: '',
  ...over,
});
const decided = (decision: ReviewDecision['decision'], ...findings: Finding[]): ReviewDecision => ({
  decision,
  summary: 's',
  findings,
  notReviewed: [],
});

describe('whyRefused', () => {
  const cases: [string, ReviewDecision, RegExp | null][] = [
    ['changes with a must on a changed line', decided('changes_requested', finding()), null],
    ['an approval with notes', decided('approve', finding({ severity: 'note', evidence: '' })), null],
    ['a finding beside the change', decided('changes_requested', finding({ line: 1 })), /src\/a\.js:1/],
    ['a finding in another file', decided('approve', finding({ path: 'b', severity: 'note' })), /b:2/],
    ['a must without evidence', decided('changes_requested', finding({ evidence: ' ' })), /evidence/],
    ['changes without a must', decided('changes_requested', finding({ severity: 'should' })), /at least one/],
    ['an approval with a must', decided('approve', finding()), /cannot be approved/],
  ];
  it.each(cases)('%s', (_name, decision, problem) => {
    const text = whyRefused(decision, diff);
    if (problem) expect(text).toMatch(problem);
    else expect(text).toBeNull();
  });
});
