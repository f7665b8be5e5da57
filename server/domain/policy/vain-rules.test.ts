import { describe, expect, it } from 'vitest';
import { policyDocument } from './document.ts';
import { vainRules } from './vain-rules.ts';

const rule = (id: string, paths: string[], then: string) => ({ id, on: 'write', paths, then });
const org = policyDocument.parse({
  limits: [rule('frozen', ['docs/**'], 'deny'), rule('ask-sql', ['**/*.sql'], 'ask')],
  defaults: [rule('ask-src', ['src/**'], 'ask')],
});
const vain = (repo: object) => vainRules(policyDocument.parse(repo), org);

describe('rules of a repo that limits above overrule', () => {
  it('are named with the rule and the layer, and where, if only in part', () => {
    expect(vain({ defaults: [rule('ours', ['docs/api/**'], 'allow')] })).toMatchObject([
      { rule: 'ours', layer: 'org', by: 'frozen', whole: true, message: expect.stringContaining('cannot loosen') },
    ]);
    expect(vain({ defaults: [rule('frozen', ['elsewhere/**'], 'ask')] })).toMatchObject([
      { by: 'frozen', whole: true },
    ]);
    expect(vain({ defaults: [rule('ours', ['db/**'], 'allow')] })).toMatchObject([
      { by: 'ask-sql', whole: false, message: expect.stringContaining('Writing `db/') },
    ]);
    expect(vain({ defaults: [rule('git', ['.git/**'], 'allow')] })).toMatchObject([{ layer: 'platform' }]);
    expect(vain({ limits: [rule('ours', ['docs/**'], 'ask')] })).toMatchObject([{ by: 'frozen', whole: true }]);
  });

  it('are none that narrow, or replace a default', () => {
    const repo = { limits: [rule('a', ['src/**'], 'deny')], defaults: [rule('b', ['src/gen/*.ts'], 'allow')] };
    expect(vain(repo)).toEqual([]);
  });
});
