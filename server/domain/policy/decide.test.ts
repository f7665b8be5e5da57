import { describe, expect, it } from 'vitest';
import type { Action } from './action.ts';
import { decide, type PolicyContext } from './decide.ts';
import { balanced, runPolicy } from './run-policy.ts';

const context: PolicyContext = {
  policy: runPolicy({
    layers: [balanced],
    scope: { role: { include: ['**'], exclude: ['@ci', '@secrets'] }, taskScope: ['src/**'] },
  }),
  grants: [],
  held: [],
};

describe('decide', () => {
  it.each<[Action, string, string]>([
    [{ kind: 'shell', command: 'npm test' }, 'allow', 's2-tool-chain'],
    [{ kind: 'file_read', path: 'src/a.js' }, 'allow', 'read-in-work'],
    [{ kind: 'file_read', path: '.' }, 'allow', 'read-in-work'],
    [{ kind: 'file_read', path: '.github/workflows/test.yml' }, 'allow', 'read-in-work'],
    [{ kind: 'file_read', path: '.env' }, 'deny', 'r1-secrets-read'],
    [{ kind: 'file_read', path: 'src/../config/./id_rsa' }, 'deny', 'r1-secrets-read'],
    [{ kind: 'file_read', path: '/etc/passwd' }, 'deny', 'path-outside-work'],
    [{ kind: 'file_write', path: 'src/a.js' }, 'allow', 'w0-in-scope'],
    [{ kind: 'file_write', path: 'docs/a.md' }, 'ask', 'w1-outside-task-scope'],
    [{ kind: 'file_write', path: '.github/workflows/test.yml' }, 'deny', 'role-write-scope'],
    [{ kind: 'file_write', path: '.git/config' }, 'deny', 'f1-git-internals'],
    [{ kind: 'handoff' }, 'allow', 'default'],
    [{ kind: 'decide' }, 'allow', 'default'],
    [{ kind: 'ask_person' }, 'allow', 'default'],
  ])('%j: %s by %s', (action, verdict, rule) => {
    expect(decide(context, action)).toMatchObject({ verdict, rule });
  });

  it('a reservation of another holds also against what a person opened, and opens nothing itself', () => {
    const held = [{ globs: ['docs/**', 'src/a.js'], by: 'task 7', until: '2026-11-24T14:00:00.000Z' }];
    const grants = [{ approvalId: 'apr_1', allows: { paths: ['docs/**'], hosts: [], commands: [] } }];
    const write = (path: string) => decide({ ...context, grants, held }, { kind: 'file_write', path });
    expect(write('docs/x.md')).toMatchObject({ verdict: 'deny', rule: 'c1-held-by-another' });
    expect(write('src/a.js').reason).toContain('reserved by task 7 until 2026-11-24 14:00 UTC');
    expect(decide({ ...context, held }, { kind: 'file_write', path: '.github/x.yml' }).rule).not.toBe(
      'c1-held-by-another',
    );
    expect(decide({ ...context, held }, { kind: 'file_read', path: 'src/a.js' }).verdict).toBe('allow');
  });
});
