import { expect, test } from 'vitest';
import { adviceFor } from './advice.ts';

const settings = (values: Record<string, string>) => (name: string) => values[name] ?? null;
const refused = 'bwrap: setting up uid map: Permission denied';

test.each([
  ['spawn bwrap ENOENT', {}, /apt-get install -y bubblewrap/u],
  [
    refused,
    { 'kernel/apparmor_restrict_unprivileged_userns': '1' },
    /apparmor_parser -r \/etc\/apparmor\.d\/bwrap[^]*sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0/u,
  ],
  [refused, { 'kernel/unprivileged_userns_clone': '0' }, /sysctl -w kernel\.unprivileged_userns_clone=1/u],
  ['bwrap: No permissions to create a new namespace', { 'user/max_user_namespaces': '0' }, /max_user_namespaces=/u],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, /security-opt/u],
])('%s', (words, values, advice) => {
  expect(adviceFor(words, settings(values))).toMatch(advice);
});

test('other faults get no advice that does not fit', () => {
  expect(adviceFor("bwrap: Can't find source path /x: No such file or directory", settings({}))).toBe('');
});
