import { expect, it } from 'vitest';
import { decide } from './decide.ts';
import { noFacts } from './deeds-of.ts';
import { policyDocument, documentLayer } from './document.ts';
import { runPolicy } from './run-policy.ts';

const limits = [
  { id: 'no-ship', on: 'command', run: ['ship now', '/opt/tools/ship'], then: 'deny' },
  { id: 'ask-star', on: 'command', run: ['*-admin'], then: 'ask' },
  { id: 'ask-option', on: 'command', run: ['--force'], then: 'ask' },
];
const layer = documentLayer('org', policyDocument.parse({ limits, otherwise: { command: 'allow' } }));
const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
const context = { policy: runPolicy({ layers: [layer], scope }), grants: [], held: [], facts: noFacts };

// Rules about other programs are passed over; whatever a program is called by, the rules about it are not.
it.each([
  ['ship now', 'deny', 'no-ship'],
  ['/usr/bin/ship now', 'deny', 'no-ship'],
  ['./x/ship now', 'deny', 'no-ship'],
  ['/opt/tools/ship later', 'deny', 'no-ship'],
  ['sh -c "ship now"', 'deny', 'no-ship'],
  ['$PROGRAM now', 'deny', 'no-ship'],
  ['db-admin drop', 'ask', 'ask-star'],
  ['other --force', 'ask', 'ask-option'],
  ['ship later', 'allow', 'default'],
  ['shipping now', 'allow', 'default'],
])('%s is %s by %s', (command, verdict, rule) => {
  expect(decide(context, { kind: 'shell', command })).toMatchObject({ verdict, rule });
});
