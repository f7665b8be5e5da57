import { describe, expect, it } from 'vitest';
import type { Action } from './action.ts';
import { decide, type PolicyContext } from './decide.ts';
import { documentLayer, policyDocument } from './document.ts';
import type { Layer } from './policy.ts';
import { rule } from './rule.ts';
import { roleCatalogue } from '../roles/catalogue.ts';
import { starterRoles } from '../roles/starter-roles.ts';
import { presetNames } from './presets/presets.ts';
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
    [{ kind: 'browser', act: 'click' }, 'allow', 'f-browser'],
    [{ kind: 'handoff' }, 'allow', 'default'],
    [{ kind: 'model_call', provider: 'anthropic', model: 'claude', listed: true }, 'allow', 'f-models'],
    [{ kind: 'model_call', provider: 'anthropic', model: 'claude', listed: false }, 'deny', 'f7-model-not-listed'],
    [{ kind: 'git_ref', act: 'push', ref: 'fleet/1', own: true }, 'allow', 'f-own-branch'],
    [{ kind: 'git_ref', act: 'push', ref: 'main', own: false }, 'deny', 'f2-own-branch-only'],
    [{ kind: 'git_ref', act: 'force', ref: 'fleet/1', own: true }, 'deny', 'f2-no-force-no-tags'],
    [{ kind: 'spend', what: 'start', percent: 100, offHours: false }, 'deny', 'b2-month-used'],
    [{ kind: 'gate', gate: 'merge' }, 'ask', 'g2-merge'],
    [{ kind: 'fetch', url: 'http://localhost/' }, 'deny', 'f3-private-network'],
    [{ kind: 'fetch', url: 'https://metadata.google.internal/' }, 'deny', 'f3-private-network'],
    [{ kind: 'fetch', url: 'http://mirror.internal/x', registry: true }, 'allow', 'n1-registries'],
    [{ kind: 'fetch', url: 'https://registry.test/x', method: 'PUT', registry: true }, 'ask', 'n4-sends'],
    [{ kind: 'decide' }, 'allow', 'default'],
    [{ kind: 'ask_person' }, 'allow', 'default'],
  ])('%j: %s by %s', (action, verdict, rule) => {
    expect(decide(context, action)).toMatchObject({ verdict, rule });
  });

  it('without a preset the platform asks about merges, and lets runs start, ask models and push their own branch', () => {
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const bare = { policy: runPolicy({ layers: [], scope }), grants: [], held: [] };
    expect(decide(bare, { kind: 'gate', gate: 'merge' })).toMatchObject({ verdict: 'ask', rule: 'f-merge' });
    expect(decide(bare, { kind: 'spend', what: 'start', percent: 99 })).toMatchObject({ rule: 'f-start' });
    expect(decide(bare, { kind: 'spend', what: 'start', percent: 100 })).toMatchObject({ verdict: 'deny' });
  });

  it('a role’s list that names methods opens them, and never past a limit above it', () => {
    const rules = [{ host: 'api.test', ports: [443], methods: ['POST' as const] }];
    const network = { registries: [], rules };
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'], network };
    const facts = { shell: { own: [], offline: false, downloaded: new Set<string>() }, network };
    const post = { kind: 'fetch' as const, url: 'https://api.test/', method: 'POST' };
    const under = (layers: Layer[]) =>
      decide({ policy: runPolicy({ layers, scope }), grants: [], held: [], facts }, post);
    expect(under([balanced])).toMatchObject({ verdict: 'allow', rule: 'role-network-1', layer: 'role' });
    const no = rule.parse({ id: 'no-api', on: 'network', hosts: ['api.test'], then: 'deny' });
    expect(under([{ ...balanced, limits: [...balanced.limits, no] }])).toMatchObject({
      verdict: 'deny',
      rule: 'no-api',
    });
  });

  it('a rule about the browser holds for the acts that it names, also where `otherwise` refuses all else', () => {
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const noForms = rule.parse({ id: 'no-forms', on: 'browser', acts: ['type'], then: 'deny' });
    const layers = [{ ...balanced, limits: [...balanced.limits, noForms], otherwise: { else: 'deny' as const } }];
    const of = (act: 'type' | 'click') =>
      decide({ policy: runPolicy({ layers, scope }), grants: [], held: [] }, { kind: 'browser', act });
    expect(of('type')).toMatchObject({ verdict: 'deny', rule: 'no-forms', layer: 'org' });
    expect(of('click')).toMatchObject({ verdict: 'allow', rule: 'f-browser', layer: 'platform' });
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

describe('files that say what agents may do', () => {
  const roles = [...starterRoles, ...roleCatalogue];
  it.each(roles)('$name writes none of them, whatever the preset', ({ body }) => {
    for (const preset of presetNames) {
      const layers = [documentLayer('org', policyDocument.parse({ preset }))];
      const policy = runPolicy({ layers, scope: { role: body.write, taskScope: ['**'] } });
      for (const path of ['.fleet/policy.yaml', '.fleet/roles/developer.yaml', '.fleet/environment.json']) {
        for (const way of ['tool', 'command', 'commit'] as const) {
          const { verdict } = decide({ policy, grants: [], held: [] }, { kind: 'file_write', path, way });
          expect([path, way, verdict]).toEqual([path, way, 'deny']);
        }
      }
    }
  });
});

describe('a million characters', () => {
  const stars = '*a*a*a*a*a*a*a*b';
  const rules = (on: string, list: object) =>
    Array.from({ length: 20 }, (_, at) => ({ id: `${on}-${at}`, on, then: 'deny', ...list }));
  const limits = [
    ...rules('write', { paths: ['**/a/**/a/**/a/**/a/**/b', stars] }),
    ...rules('mcp', { tools: [stars] }),
    ...rules('git', { refs: [stars] }),
    ...rules('model', { models: [stars] }),
    ...rules('command', { run: [`${stars} *`] }),
  ];
  const layers = [documentLayer('org', policyDocument.parse({ preset: 'cautious', limits }))];
  const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
  const hostile = { policy: runPolicy({ layers, scope }), grants: [], held: [] };
  const long = 'a'.repeat(1_000_000);

  it.each<Action>([
    { kind: 'file_write', path: 'a/'.repeat(500_000) },
    { kind: 'file_read', path: long },
    { kind: 'mcp_call', server: 's', tool: long, effect: 'reads', changed: false },
    { kind: 'git_ref', act: 'push', ref: long, own: true },
    { kind: 'model_call', provider: 'p', model: long, listed: true },
    { kind: 'shell', command: `${'a'.repeat(60_000)} x` },
    { kind: 'shell', command: `cat ${'a'.repeat(60_000)} > ${'b'.repeat(60_000)}` },
    { kind: 'fetch', url: `https://x.example/${long}` },
    { kind: 'fetch', url: `https://${'a.'.repeat(500_000)}example/` },
  ])('in a $kind are decided within 50 ms against patterns made to take long, and quoted in part', (action) => {
    const work = () => {
      const began = performance.now();
      const { verdict, reason } = decide(hostile, action);
      expect(verdict).not.toBe('allow');
      expect(reason.length).toBeLessThan(500);
      return performance.now() - began;
    };
    expect(Math.min(...[1, 2, 3].map(work))).toBeLessThan(50);
  });
});
