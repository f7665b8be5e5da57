import { describe, expect, it } from 'vitest';
import { changedRules } from './changed-rules.ts';
import { documentLayer } from './document.ts';
import { readPolicy } from './policy-yaml.ts';

const layer = (yaml: string) => {
  const read = readPolicy(yaml);
  if (!('policy' in read)) throw new Error(JSON.stringify(read));
  return documentLayer('org', read.policy);
};
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
