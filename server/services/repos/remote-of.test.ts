import { expect, test } from 'vitest';
import { remoteOf } from './remote-of.ts';

test.each([
  { source: 'sample' as const, byOperator: false, trusted: true },
  { source: 'local' as const, byOperator: false, trusted: true },
  { source: 'git' as const, byOperator: true, trusted: true },
  { source: 'git' as const, byOperator: false, trusted: false },
])('$source, connected by the operator: $byOperator', ({ trusted, ...repo }) => {
  expect(remoteOf({ ...repo, remote: 'x' })).toEqual({ remote: 'x', trusted });
});
