import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noneAdded, type OwnClasses } from '../scope/own-classes.ts';
import { decide } from './decide.ts';
import type { Layer } from './policy.ts';
import { rule, type Rule } from './rule.ts';
import { balanced, runPolicy } from './run-policy.ts';
import { outweighs, verdicts, type VerdictWord } from './verdict.ts';

const paths = [
  'src/auth/a.js',
  'src/shop/cart.js',
  'src/billing/b.js',
  'api/openapi.json',
  'docs/a.md',
  'package.json',
];
const entries = ['@auth', '@money', '@public-api', '@docs', 'src/**', 'src/shop/**', 'docs/**'];
const globs = ['src/**', 'src/shop/**', 'docs/**', '**', 'src/auth/**', '*.json'];

const some = fc.subarray(entries, { minLength: 1 });
const added = fc.subarray(globs, { maxLength: 3 });
const classes: fc.Arbitrary<OwnClasses> = fc.record({ '@auth': added, '@money': added, '@public-api': added });

const anyRule = (then: fc.Arbitrary<VerdictWord>): fc.Arbitrary<Rule> =>
  fc
    .record({ at: fc.nat(99), on: fc.constantFrom('read', 'write'), then, paths: some, except: fc.subarray(entries) })
    .map(({ at, except, ...rest }) => rule.parse({ id: `r-${at}`, ...rest, ...(except.length > 0 && { except }) }));
const verdict = fc.constantFrom(...verdicts);
const layer = (name: 'org' | 'repo'): fc.Arbitrary<Layer> =>
  fc
    .record({
      limits: fc.array(anyRule(fc.constantFrom('ask' as const, 'deny' as const)), { maxLength: 3 }),
      defaults: fc.array(anyRule(verdict), { maxLength: 3 }),
      otherwise: fc.option(fc.record({ read: verdict, write: verdict }), { nil: undefined }),
    })
    .map(({ otherwise, ...rest }) => ({ name, ...rest, ...(otherwise && { otherwise }) }));
const layers = fc.oneof(fc.tuple(layer('org')), fc.tuple(layer('org'), layer('repo')), fc.constant([balanced]));
const everything = fc.constant<string[]>(['**']);
const scope = fc.record({
  role: fc.record({ include: fc.oneof(everything, some), exclude: fc.subarray(entries) }),
  taskScope: fc.oneof(everything, some),
});
const action = fc.oneof(
  fc.record({ kind: fc.constantFrom('file_read' as const, 'file_write' as const), path: fc.constantFrom(...paths) }),
  fc
    .constantFrom(...paths)
    .chain((path) => fc.constantFrom(`cat ${path}`, `rm ${path}`, `echo x > ${path}`))
    .map((command) => ({ kind: 'shell' as const, command })),
);
const saysOf = (of: Parameters<typeof runPolicy>[0], deed: Parameters<typeof decide>[1]) =>
  decide({ policy: runPolicy(of), grants: [], held: [] }, deed);

describe('what a repo adds to classes', () => {
  it('never allows or asks less than the policy does without it, in limits, defaults, scopes and exceptions', () => {
    fc.assert(
      fc.property(layers, scope, classes, action, (of, within, own, what) => {
        const bare = saysOf({ layers: of, scope: within }, what);
        const owned = saysOf({ layers: of, scope: within, classes: own }, what);
        expect(outweighs(bare, owned)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  const limited = (body: object) => [rule.parse({ id: 'r', on: 'write', then: 'deny', ...body })];

  it.each([
    ['a limit keeps Fleet’s own patterns', limited({ paths: ['@auth'] }), [], 'src/auth/a.js'],
    ['a limit has the added ones too', limited({ paths: ['@auth'] }), [], 'src/shop/cart.js'],
    ['what a role leaves out keeps Fleet’s own', [], ['@auth'], 'src/auth/a.js'],
    ['what a role leaves out has the added ones too', [], ['@auth'], 'src/shop/cart.js'],
    ['an exception does not grow', limited({ paths: ['src/**'], except: ['@auth'] }), [], 'src/shop/cart.js'],
  ])('%s', (_name, limits, exclude: string[], path) => {
    const org: Layer = { name: 'org', limits, defaults: [], otherwise: { else: 'allow' } };
    const own = { ...noneAdded, '@auth': ['src/shop/**'] };
    const within = { role: { include: ['**'], exclude }, taskScope: ['**'] };
    const said = saysOf({ layers: [org], scope: within, classes: own }, { kind: 'file_write', path });
    expect(said.verdict).not.toBe('allow');
  });
});
