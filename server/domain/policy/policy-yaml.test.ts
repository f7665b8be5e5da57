import { describe, expect, it } from 'vitest';
import { findDoubts } from './find-doubts.ts';
import { importPermissions } from './import-permissions.ts';
import { readPolicy, writePolicy } from './policy-yaml.ts';
import { ruleInWords } from './sentence.ts';
import { tryCases } from './try-cases.ts';

const text = `# What our agents may do
preset: balanced
limits:
  - id: no-publish
    on: command
    run: [npm publish, "git tag *"]
    then: deny
    why: releases are made by people.
defaults:
  - id: w8-migrations
    on: write
    paths: ["@migrations"]
    then: ask
    who: two
cases:
  - { command: npm publish --tag next, is: deny }
  - { command: npm test, is: allow }
  - { write: db/migrations/003.sql, is: ask }
  - { write: test/a.test.js, removes: "test(1)", adds: "test.skip(1)", is: ask }
  - { get: "https://example.org/", is: ask }
`;

const policyOf = (yaml: string) => {
  const reading = readPolicy(yaml);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
};
const problems = (yaml: string) => {
  const reading = readPolicy(yaml);
  return reading.ok ? [] : reading.problems.map(({ line, message }) => `${line}: ${message}`);
};

describe('a policy in YAML', () => {
  it('is read, holds its cases, and written and read again is the same', () => {
    const policy = policyOf(text);
    expect(tryCases(policy)).toEqual([]);
    expect(findDoubts(policy)).toEqual([]);
    expect(policyOf(writePolicy(policy))).toEqual(policy);
    expect(policyOf('')).toMatchObject({ limits: [], defaults: [] });
  });

  it.each([
    ['preset: balanced\nlimits: &a []\n', /^2: Anchors/],
    ['limits: []\ndefaults: *a\n', /^2: .*(?:alias|Anchors)/i],
    ['preset: balanced\npreset: cautious\n', /^2: The same key/],
    ['limits:\n\t- id: a\n', /^2: .*tab/],
    ['preset: bold\n', /^1: preset: Invalid option/],
    ['preset: balanced\nallow: []\n', /^2: `allow` is not a key of a policy/],
    [
      'limits:\n  - id: a\n    on: write\n    paths: [x]\n    then: deny\n    whom: lead\n',
      /^6: `whom` is not a key of limits\.0/,
    ],
    // Rules are of an org or a repo; what a role is confined to is the role's own, and goes with it.
    ['limits:\n  - { id: a, on: write, paths: [x], then: deny, role: gone }\n', /^2: `role` is not a key of limits\.0/],
    [
      'limits:\n  - id: a\n    on: write\n    paths: ["**"]\n    then: deny\n',
      /^2: limits\.0: The rule would match every write/,
    ],
    ['limits:\n  - { id: a, on: write, paths: [x], then: allow }\n', /^2: .*cannot allow/],
    [
      'defaults:\n  - { id: a, on: write, paths: [x], then: ask }\n  - { id: a, on: write, paths: [y], then: ask }\n',
      /^3: .*used twice/,
    ],
    ['defaults: !!js/function x\n', /tag/],
    ['a: 1\n---\nb: 2\n', /several documents/],
    ['defaults: [', /not YAML/],
    ['cases:\n  - { command: a, write: b, is: ask }\n', /tries one thing/],
    ["cases:\n  - { command: a, in: '@money', is: ask }\n", /goes with read or write/],
    ["cases:\n  - { write: 'src/*.js', in: '@money', is: ask }\n", /one file and no pattern/],
    ["cases:\n  - { write: a.js, in: '@ci', is: ask }\n", /in/],
  ])('%j is refused with the line and in words', (yaml, words) => {
    expect(problems(yaml).join('\n')).toMatch(words);
  });

  it('is refused when it is huge, at once', () => {
    expect(problems('a: '.repeat(200_000))).toEqual(['1: The policy is longer than 256 KB.']);
    expect(problems('[').length).toBeGreaterThan(0);
    expect(problems(`limits: ${'['.repeat(100_000)}`).join('\n')).toMatch(/nested too deeply|not YAML/);
  });

  it('says when a case fails, and by which rule', () => {
    const [failed] = tryCases(
      policyOf(text.replace('{ command: npm test, is: allow }', '{ command: npm test, is: deny }')),
    );
    expect(failed).toMatchObject({
      at: 1,
      words: 'command: npm test should be deny',
      verdict: { rule: 's2-tool-chain' },
    });
  });
});

describe('doubts', () => {
  const doubt = (yaml: string) => findDoubts(policyOf(yaml)).map(({ rule, message }) => `${rule}: ${message}`);
  it.each([
    [
      'preset: balanced\ndefaults:\n  - { id: ours, on: write, paths: ["@migrations"], then: allow }\n',
      /ours: It never speaks: `w8-migrations`/,
    ],
    [
      'defaults:\n  - { id: a, on: command, run: [npm publish], then: allow }\nlimits:\n  - { id: b, on: command, run: [npm publish, git tag], then: deny }\n',
      /a: It never speaks: `b`/,
    ],
    [
      'limits:\n  - { id: b, on: write, paths: ["**/gen/**"], then: deny }\ndefaults:\n  - { id: a, on: write, paths: ["src/gen/*.ts"], then: allow }\n',
      /a: It never speaks: `b` matches all/,
    ],
    [
      'limits:\n  - { id: b, on: command, run: [npm], then: ask }\ndefaults:\n  - { id: a, on: command, run: [npm test], then: allow }\n',
      /a: It never speaks: `b` matches all/,
    ],
    [
      'limits:\n  - { id: b, on: write, paths: ["**/*.sql"], then: ask }\ndefaults:\n  - { id: a, on: write, paths: ["db/**"], except: ["db/x/**"], then: allow }\n  - { id: c, on: write, paths: ["**/gen/**"], then: deny }\n',
      /^a: It meets `c`.*Writing `db\/gen`/m,
    ],
    ['preset: balanced\nwithout: [w99]\n', /w99: .*no such rule/],
    ['limits:\n  - { id: h, on: handoff, moreThanFiles: 0, then: deny }\n', /h: It refuses hand-offs/],
    ['otherwise: { command: deny, else: deny }\n', /refuses every command/],
    ['otherwise: { write: deny, command: deny, else: deny }\n', /otherwise: It refuses hand-offs: .*can never deliver/],
    ['limits:\n  - { id: m, on: model, models: ["*"], listed: true, then: deny }\n', /m: It refuses models/],
    ['limits:\n  - { id: p, on: git, acts: [push], own: true, then: deny }\n', /p: It refuses the push/],
    ['limits:\n  - { id: g, on: gate, gates: [merge], then: deny }\n', /g: It refuses every merge/],
  ])('%j', (yaml, words) => {
    expect(doubt(yaml).join('\n')).toMatch(words);
  });

  it.each([
    [
      'a narrow refusal within a wide permission',
      'limits:\n  - { id: b, on: write, paths: ["src/gen/**"], then: deny }\ndefaults:\n  - { id: a, on: write, paths: ["src/**"], then: allow }\n',
    ],
    [
      'hand-offs of which either figure is enough',
      'limits:\n  - { id: b, on: handoff, moreThanLines: 10, then: deny }\n  - { id: a, on: handoff, moreThanLines: 10, moreThanFiles: 5, then: ask }\n',
    ],
    [
      'requests of which the narrow one leaves out less',
      'limits:\n  - { id: b, on: network, hosts: [a.example], notMethods: [GET, HEAD], then: deny }\n  - { id: a, on: network, hosts: [a.example], notMethods: [GET], then: ask }\n',
    ],
  ])('no rule is called dead: %s', (_what, yaml) => {
    expect(doubt(yaml).filter((words) => words.includes('never speaks'))).toEqual([]);
  });

  it('there are none of the presets, nor of a policy that says little', () => {
    for (const yaml of ['preset: cautious\n', 'preset: balanced\n', 'preset: autonomous\n', ''])
      expect(doubt(yaml)).toEqual([]);
  });
});

describe('lists of permissions of other agents', () => {
  const list = {
    permissions: {
      allow: [
        'Bash(npm run test:*)',
        'Read(src/**)',
        'WebFetch(domain:docs.example.com)',
        'mcp__github__get_issue',
        'Domain(api.example.com)',
      ],
      ask: ['Shell(git push *)', 'Edit(/package.json)'],
      deny: ['Read(./.env)', 'Bash(curl:*)', 'Read(~/.ssh/**)', 'Bash', 'Task(x)'],
    },
  };

  it('become rules; what is denied becomes a limit, what does not fit is named', () => {
    const { policy, left } = importPermissions(JSON.stringify(list));
    expect(policy.limits.map(ruleInWords)).toEqual(['reading `.env` is refused.', 'running `curl` is refused.']);
    expect(policy.defaults.map(ruleInWords)).toEqual([
      'running `git push` is put to the person who filed the task, or a maintainer.',
      'writing `package.json` is put to the person who filed the task, or a maintainer.',
      'running `npm run test` is allowed.',
      'reading `src/**` is allowed.',
      'sending requests to `docs.example.com` is allowed.',
      'calling `github/get_issue` is allowed.',
      'sending requests to `api.example.com` is allowed.',
    ]);
    expect(left.map(({ entry }) => entry)).toEqual(['Read(~/.ssh/**)', 'Bash', 'Task(x)']);
    expect(policyOf(writePolicy(policy))).toEqual(policy);
  });

  it('that are none are refused', () => {
    for (const odd of ['', '[]', '{"permissions": 1}']) expect(() => importPermissions(odd)).toThrow();
  });
});
