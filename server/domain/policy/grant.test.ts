import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from './action.ts';
import { decide, type PolicyContext } from './decide.ts';
import type { Grant, GrantAllows } from './grant.ts';
import { documentLayer, policyDocument } from './document.ts';
import { balanced, runPolicy } from './run-policy.ts';

const scope = { role: { include: ['**'], exclude: ['@ci', '@secrets'] }, taskScope: ['src/**'] };
const policy = runPolicy({ layers: [balanced], scope });
const grant = (allows: Partial<GrantAllows>): Grant => ({
  approvalId: 'apr_1',
  allows: { paths: [], hosts: [], commands: [], ...allows },
});
const under = (allows: Partial<GrantAllows>): PolicyContext => ({ policy, grants: [grant(allows)], held: [] });
const write = (path: string): Action => ({ kind: 'file_write', path });

describe('whose answer a grant is', () => {
  it.each([
    [['docs/api.md'], 'docs/api.md', 'allow'],
    [['docs/api.md'], '/work/docs/./api.md', 'allow'],
    [['docs/api.md'], 'docs/other.md', 'ask'],
    [['docs'], 'docs/a/b.md', 'allow'],
    [['docs'], 'docs2/a.md', 'ask'],
    [['docs/**'], 'docs/a/b.md', 'allow'],
    [['**'], '.github/workflows/test.yml', 'deny'],
    [['.env'], '.env', 'deny'],
    [['.git/config'], '.git/config', 'deny'],
    [['**'], '../other/file', 'deny'],
  ])('of %j: writing %s is %s', (paths, path, verdict) => {
    expect(decide(under({ paths }), write(path)).verdict).toBe(verdict);
  });

  it('of a tool opens that tool and no other', () => {
    const call = (tool: string): Action => ({
      kind: 'mcp_call',
      server: 'a',
      tool,
      effect: 'writes',
      changed: false,
    });
    const context = under({ tools: ['mcp__a__add'] });
    expect(decide(context, call('add')).rule).toBe('grant');
    expect(decide(context, call('drop')).verdict).toBe('ask');
  });

  it('names the approval behind it and what would hold without it', () => {
    const { rule, reason } = decide(under({ paths: ['docs'] }), write('docs/a.md'));
    expect(rule).toBe('grant');
    expect(reason).toMatch(/apr_1.*outside the scope of this task/);
  });

  it('never touches deny, and never makes an allowed action anything else', () => {
    const part = fc.constantFrom('src', 'docs', '.github', 'workflows', '.git', '.env', 'a.js', 'b.md', '..');
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const glob = fc.oneof(path, fc.constantFrom('**', '**/*', '*', '{.git,.github}/**'));
    fc.assert(
      fc.property(path, fc.array(glob, { maxLength: 3 }), (at, paths) => {
        const bare = decide({ policy, grants: [], held: [] }, write(at)).verdict;
        const granted = decide(under({ paths }), write(at)).verdict;
        expect(granted === bare || (bare === 'ask' && granted === 'allow')).toBe(true);
      }),
    );
  });
});

describe('whose answer a grant is', () => {
  const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
  const document = policyDocument.parse({
    defaults: [
      { id: 'lead', on: 'write', paths: ['db/**'], then: 'ask', who: 'lead' },
      { id: 'two', on: 'write', paths: ['db/live/**'], then: 'ask', who: 'two' },
      { id: 'a-requester', on: 'write', paths: ['db/live/x/**'], then: 'ask' },
    ],
  });
  const policy = runPolicy({ layers: [documentLayer('org', document)], scope });
  const allows = { paths: ['db/**'], hosts: [], commands: [] };
  it.each([
    ['db/a.sql', 'requester', 'ask'],
    ['db/a.sql', 'lead', 'allow'],
    ['db/a.sql', 'two', 'allow'],
    ['db/live/a.sql', 'lead', 'ask'],
    ['db/live/x/a.sql', 'owner', 'ask'],
    ['db/live/x/a.sql', 'two', 'allow'],
    ['db/live/a.sql', undefined, 'allow'],
  ] as const)('for %s, answered by %s, comes to %s', (path, answeredBy, verdict) => {
    const grants = [{ approvalId: 'a', allows, answeredBy }];
    expect(decide({ policy, grants, held: [] }, { kind: 'file_write', path }).verdict).toBe(verdict);
  });
});
