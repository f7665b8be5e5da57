import { describe, expect, it } from 'vitest';
import { changedRules } from './changed-rules.ts';
import { documentLayer } from './document.ts';
import { readPolicy } from './policy-yaml.ts';

const layer = (yaml: string, name: 'org' | 'repo' = 'org') => {
  const read = readPolicy(yaml);
  if (!('policy' in read)) throw new Error(JSON.stringify(read));
  return documentLayer(name, read.policy);
};
/** What a repo's first policy changes under an org's. */
const under = (org: string, repo: string) => changedRules([layer(org)], [layer(org), layer(repo, 'repo')]);
const first = (...defaults: string[]) => `defaults:\n${defaults.map((rule) => `  - ${rule}\n`).join('')}`;
const changed = (before: string, after: string) => changedRules([layer(before)], [layer(after)]);
const limit = (id: string, then: string) => `{ id: ${id}, on: write, paths: [src/**], then: ${then} }`;

describe('what another version of a policy changes', () => {
  it('is nothing where it says the same', () => {
    expect(changed('preset: balanced\n', 'preset: balanced\n')).toEqual({ stricter: [], looser: [] });
  });

  it('is stricter for a rule that came and looser for one that went', () => {
    const [none, one] = ['preset: balanced\n', `preset: balanced\nlimits:\n  - ${limit('no-src', 'deny')}\n`];
    expect(changed(none, one)).toEqual({ stricter: ['no-src: writing `src/**` is refused.'], looser: [] });
    expect(changed(one, none)).toEqual({ stricter: [], looser: ['no longer no-src: writing `src/**` is refused.'] });
  });

  it('is both for a rule that changed, and follows a permission the other way', () => {
    const of = (list: string, then: string) => `preset: balanced\n${list}:\n  - ${limit('src', then)}\n`;
    expect(changed(of('limits', 'ask'), of('limits', 'deny'))).toMatchObject({
      stricter: [expect.stringContaining('src: ')],
      looser: [expect.stringContaining('no longer src: ')],
    });
    expect(changed('preset: balanced\n', of('defaults', 'allow'))).toMatchObject({
      stricter: [],
      looser: [expect.stringContaining('src: ')],
    });
  });

  it('holds what is said where no rule speaks', () => {
    expect(changed('preset: balanced\n', 'preset: balanced\notherwise: { command: ask }\n')).toEqual({
      stricter: ['otherwise, command: ask'],
      looser: [],
    });
  });
});

describe('a rule that asks where something stricter spoke', () => {
  const [balanced, cautious] = ['preset: balanced\n', 'preset: cautious\n'];

  it('is looser where a weaker person answers than a default above says', () => {
    const asks = (who: string) => first(`{ id: ours, on: write, paths: ['@migrations'], then: ask, who: ${who} }`);
    const { stricter, looser } = under(balanced, asks('requester'));
    expect([stricter, looser[0]]).toEqual([[], expect.stringMatching(/^ours: /)]);
    expect(looser.join('\n')).toMatch(
      /^`ours` takes the place of the org’s default `w8-migrations`: ask requester instead of ask owner\. For example: Writing `migrations/mu,
    );
    const two = under(balanced, asks('two'));
    expect(two.stricter).toEqual([expect.stringMatching(/^ours: /)]);
    expect(two.looser.join('\n')).not.toContain('w8-migrations');
  });

  it('is looser where a limit or default takes less to answer than before', () => {
    const of = (who: string) =>
      `preset: balanced\nlimits:\n  - { id: src, on: write, paths: [src/**], then: ask, who: ${who} }\n`;
    expect(changed(of('owner'), of('requester'))).toEqual({
      stricter: [],
      looser: [expect.stringMatching(/^src: /), expect.stringMatching(/^no longer src: /)],
    });
    expect(changed(of('requester'), of('owner')).stricter).toEqual([expect.stringMatching(/^src: /)]);
  });

  it('is looser where it silences a refusal of what no rule speaks of', () => {
    for (const rule of ['on: network, hosts: [a.example]', 'on: mcp, tools: [s.t]', 'on: git, acts: [push]'])
      expect(under(cautious, first(`{ id: ours, ${rule}, then: ask }`))).toMatchObject({
        stricter: [],
        looser: expect.arrayContaining([
          '`ours` may take the place of what holds where no rule speaks: ask requester instead of deny.',
        ]),
      });
    const own = 'otherwise: { network: deny }\n';
    const limit = `${own}limits:\n  - { id: ours, on: network, hosts: [a.example], then: ask }\n`;
    expect(changed(own, limit)).toMatchObject({
      stricter: [],
      looser: [/^ours: /, /may take the place/].map((each) => expect.stringMatching(each)),
    });
    // A limit of a lower layer silences nothing.
    expect(under(own, limit.replace(own, ''))).toMatchObject({
      stricter: [expect.stringMatching(/^ours: /)],
      looser: [],
    });
  });

  it.each([
    ['git', 'acts: [push]'],
    ['mcp', 'effects: [destroys]'],
    ['external', 'what: [issue]'],
    ['spend', 'what: [raise]'],
    ['model', 'models: [big]'],
    ['gate', 'gates: [plan]'],
    ['handoff', 'moreThanLines: 10'],
    ['browser', 'acts: [open]'],
  ])('is said to be looser than a default above that refuses: %s', (on, matching) => {
    const of = (id: string, then: string) => first(`{ id: ${id}, on: ${on}, ${matching}, then: ${then} }`);
    expect(under(of('theirs', 'deny'), of('ours', 'ask'))).toEqual({
      stricter: [],
      looser: [
        expect.stringMatching(/^ours: /),
        '`ours` may take the place of the org’s default `theirs`: ask requester instead of deny.',
      ],
    });
    expect(under(of('theirs', 'ask'), of('ours', 'deny'))).toMatchObject({
      stricter: [expect.stringMatching(/^ours: /)],
      looser: [],
    });
  });

  it('is stricter where nothing stricter can have spoken', () => {
    const ask = first('{ id: ours, on: write, paths: [src/**], then: ask }');
    expect(under(balanced, ask).stricter).toEqual([expect.stringMatching(/^ours: /)]);
    // In a part: a manifest under `src`.
    expect(under(balanced, ask).looser.join('\n')).toMatch(/takes the place.*`src\/package\.json`/u);
    expect(under(balanced, balanced).looser.join('\n')).not.toContain('place of');
    const kept = 'limits:\n  - { id: never, on: write, paths: [src/**], then: deny }\n';
    expect(under(first('{ id: theirs, on: write, paths: [src/**], then: deny }'), kept + ask).looser).toEqual([]);
  });

  it('is looser with an example where it allows what a default above asks about', () => {
    const org = first('{ id: ask-src, on: write, paths: [src/**], then: ask }');
    expect(under(org, first("{ id: b, on: write, paths: ['src/gen/*.ts'], then: allow }")).looser).toEqual([
      expect.stringMatching(/^b: /),
      expect.stringMatching(
        /^`b` takes the place of the org’s default `ask-src`: allow instead of ask.*Writing `src\/gen/,
      ),
    ]);
  });

  it('is told of what holds where no rule speaks, by what the lowest layer says', () => {
    expect(under('otherwise: { network: deny, else: ask }\n', 'otherwise: { else: ask }\n')).toEqual({
      stricter: [],
      looser: ['otherwise, network: ask'],
    });
  });
});
