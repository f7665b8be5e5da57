import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deed } from './deed.ts';
import { compilePolicy, judge, type Layer } from './policy.ts';
import { rule, type Rule } from './rule.ts';
import { isStricter, layerNames, verdicts, type VerdictWord } from './verdict.ts';

const paths = ['src/a.js', 'src/b.js', 'docs/a.md', '.github/workflows/x.yml', 'package.json'];
const globs = ['src/**', 'docs/**', '@ci', '@manifests', 'src/a.js', '*.json'];
const commands = [
  ['npm', 'test'],
  ['git', 'push'],
  ['curl', 'x'],
  [null, 'x'],
  ['git', null],
];
const patterns = ['npm test', 'git', 'curl', 'git push', 'c*l'];

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom(...paths).map((path): Deed => ({ on: 'write', path, way: 'tool', effects: [] })),
  fc.constantFrom(...commands).map((words): Deed => ({ on: 'command', words, traits: [], note: '', offline: true })),
);

const anyRule = (then: fc.Arbitrary<VerdictWord>): fc.Arbitrary<Rule> =>
  fc
    .record({
      at: fc.nat(999),
      then,
      what: fc.oneof(
        fc.subarray(globs, { minLength: 1 }).map((each) => ({ on: 'write', paths: each })),
        fc.subarray(patterns, { minLength: 1 }).map((run) => ({ on: 'command', run })),
      ),
    })
    .map(({ at, what, ...rest }) => rule.parse({ id: `r-${at}`, ...what, ...rest }));

const verdict = fc.constantFrom(...verdicts);
const limits = fc.array(anyRule(fc.constantFrom('ask' as const, 'deny' as const)), { maxLength: 4 });
const defaults = fc.array(anyRule(verdict), { maxLength: 4 });
const otherwise = fc.option(fc.record({ write: verdict, command: verdict }), { nil: undefined });
const layer = (name: (typeof layerNames)[number], bare = false): fc.Arbitrary<Layer> =>
  fc
    .record({
      limits,
      defaults: bare ? fc.constant([]) : defaults,
      otherwise: bare ? fc.constant(undefined) : otherwise,
    })
    .map(({ otherwise: says, ...rest }) => ({ name, ...rest, ...(says ? { otherwise: says } : {}) }));
const stack = fc.tuple(...layerNames.map((name) => layer(name)));

const said = (layers: readonly Layer[], of: Deed) => judge(compilePolicy(layers), of).verdict;

describe('layers', () => {
  it('what a lower layer adds never gets under the limits above it', () => {
    fc.assert(
      fc.property(stack, deed, fc.integer({ min: 1, max: 4 }), (layers, of, count) => {
        const above = layers
          .slice(0, count)
          .map(({ name, limits: only }): Layer => ({ name, limits: only, defaults: [] }));
        const floor = said(
          [{ name: 'platform', limits: [], defaults: [], otherwise: { else: 'allow' } }, ...above],
          of,
        );
        expect(isStricter(floor, said(layers, of))).toBe(false);
      }),
    );
  });

  it('a lower layer of limits alone never allows more', () => {
    fc.assert(
      fc.property(stack, layer('task', true), deed, (layers, added, of) => {
        const before = said(layers.slice(0, 4), of);
        expect(isStricter(before, said([...layers.slice(0, 4), added], of))).toBe(false);
      }),
    );
  });

  it('the order of rules within a layer, and of the layers as they are given, changes nothing', () => {
    const shuffled = stack.chain((layers) =>
      fc.tuple(
        fc.constant(layers),
        fc
          .shuffledSubarray(layers, { minLength: layers.length })
          .chain((mixed) =>
            fc.tuple(
              ...mixed.map((each) =>
                fc
                  .tuple(
                    fc.shuffledSubarray([...each.limits], { minLength: each.limits.length }),
                    fc.shuffledSubarray([...each.defaults], { minLength: each.defaults.length }),
                  )
                  .map(([a, b]): Layer => ({ ...each, limits: a, defaults: b })),
              ),
            ),
          ),
      ),
    );
    fc.assert(
      fc.property(shuffled, deed, ([layers, mixed], of) => {
        expect(said(mixed, of)).toBe(said(layers, of));
      }),
    );
  });

  it('compiled anew, from what was stored, the answer is the same to the word', () => {
    fc.assert(
      fc.property(stack, deed, (layers, of) => {
        const stored = JSON.parse(JSON.stringify(layers)) as Layer[];
        expect(judge(compilePolicy(stored), of)).toEqual(judge(compilePolicy(layers), of));
      }),
    );
  });

  const plain = (then: VerdictWord, name: (typeof layerNames)[number], as: 'limits' | 'defaults'): Layer => {
    const each = rule.parse({ id: `${name}-rule`, on: 'write', paths: ['docs/**'], then });
    return { name, limits: [], defaults: [], [as]: [each] };
  };
  const docs: Deed = { on: 'write', path: 'docs/a.md', way: 'tool', effects: [] };
  const refusing: Layer = { name: 'org', limits: [], defaults: [], otherwise: { else: 'deny' } };

  it.each<[string, Layer[], VerdictWord, string]>([
    [
      'a default is replaced by a lower layer',
      [plain('ask', 'org', 'defaults'), plain('allow', 'repo', 'defaults')],
      'allow',
      'repo-rule',
    ],
    ['a limit is not', [plain('ask', 'org', 'limits'), plain('allow', 'repo', 'defaults')], 'ask', 'org-rule'],
    [
      'a default speaks before what holds otherwise',
      [refusing, plain('allow', 'task', 'defaults')],
      'allow',
      'task-rule',
    ],
    [
      'so does a limit of the same layer',
      [{ ...refusing, ...plain('ask', 'org', 'limits'), otherwise: { else: 'deny' } }],
      'ask',
      'org-rule',
    ],
    ['a limit of a lower layer does not', [refusing, plain('ask', 'task', 'limits')], 'deny', 'default'],
    ['where nobody says anything it is refused', [], 'deny', 'default'],
  ])('%s', (_case, layers, expected, by) => {
    expect(judge(compilePolicy(layers), docs)).toMatchObject({ verdict: expected, rule: by });
  });
});

describe('rules', () => {
  it.each([
    [{ on: 'write', paths: ['**'] }, /every write/],
    [{ on: 'write', except: ['a'] }, /every write/],
    [{ on: 'command' }, /every command/],
    [{ on: 'command', run: ['*'] }, /every command/],
    [{ on: 'command', run: ['a | b'] }, /one simple command/],
    [{ on: 'write', paths: ['@nothing'] }, /no path class/],
    [{ on: 'write', paths: ['../x'] }, /leaves the repository/],
    [{ on: 'write', paths: ['a'], unknown: 1 }, /Unrecognized key/],
    [{ on: 'write', paths: ['a'], who: 'lead' }, /Only a rule that asks/],
  ])('%j is refused', (body, words) => {
    const parsed = rule.safeParse({ id: 'x', then: 'deny', ...body });
    expect(parsed.error?.issues.map(({ message }) => message).join('\n')).toMatch(words);
  });

  const matches = (then: VerdictWord, run: string, words: (string | null)[]) =>
    said(
      [
        {
          name: 'org',
          limits: [],
          defaults: [rule.parse({ id: 'x', on: 'command', run: [run], then })],
          otherwise: { command: then === 'allow' ? 'deny' : 'allow' },
        },
      ],
      {
        on: 'command',
        words,
        traits: [],
        note: '',
        offline: true,
      },
    ) === then;

  it.each<[VerdictWord, string, (string | null)[], boolean]>([
    ['deny', 'git push', ['git', 'push', 'origin'], true],
    ['deny', 'git push', ['/usr/bin/git', 'push'], true],
    ['deny', 'git push', ['git', 'stash', 'push'], false],
    ['deny', 'npm publish', ['npm', '--prefix', 'x', 'publish'], true],
    ['deny', 'npm publish', ['npm', 'run', 'publish'], false],
    ['deny', 'git push --force*', ['git', 'push', 'origin', '--force-with-lease'], true],
    ['deny', 'git push --force*', ['git', 'push', 'origin'], false],
    ['deny', 'git push', ['git', null], true],
    ['allow', 'git push', ['git', null], false],
    ['allow', 'npm test', ['./npm', 'test'], false],
    ['allow', 'npm test', ['/usr/bin/npm', 'test', '--', 'x'], true],
    ['allow', 'npm run *', ['npm', 'run', 'lint'], true],
  ])('%s %j on %j: %s', (then, run, words, hit) => {
    expect(matches(then, run, words)).toBe(hit);
  });
});
