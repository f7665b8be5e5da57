import { describe, expect, it } from 'vitest';
import { policyDocument, rulesOf } from '../document.ts';
import { readPolicy } from '../policy-yaml.ts';
import { presetNames } from '../presets/presets.ts';
import { rule } from '../rule.ts';
import { dropRule, putRule, setValue } from './edit-text.ts';
import { emptyRule, fieldKey, formOfRule, ruleFields, ruleOfForm } from './rule-fields.ts';

const text = `# Ours since May
preset: balanced # what we began with
limits:
  # publishing is for people
  - { id: no-publish, on: command, run: [npm publish], then: deny }
defaults:
  - id: w8-migrations
    on: write
    paths: ['@migrations']
    then: ask
    who: two
`;

const policyOf = (yaml: string) => {
  const reading = readPolicy(yaml);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
};

describe('the fields of a rule', () => {
  it('are all that the schema of rules knows, of each kind', () => {
    const common = ['id', 'on', 'then', 'who', 'why'];
    const kinds = rule.options.map(({ shape }) => [shape.on.value, Object.keys(shape)] as const);
    for (const [on, keys] of kinds) {
      const own = new Set(ruleFields[on].map(({ at }) => at[0]));
      expect([...own].toSorted(), on).toEqual(keys.filter((key) => !common.includes(key)).toSorted());
    }
    expect(Object.keys(ruleFields).toSorted()).toEqual(kinds.map(([on]) => on).toSorted());
  });

  it.each(presetNames)('say every rule of the preset %s again as it was', (preset) => {
    const { limits, defaults } = rulesOf(policyDocument.parse({ preset }));
    for (const each of [...limits, ...defaults])
      expect(rule.parse(ruleOfForm(formOfRule('defaults', each)))).toEqual(each);
  });

  it('offer only what the schema takes', () => {
    for (const [on, fields] of Object.entries(ruleFields))
      for (const field of fields) {
        if (field.type !== 'choices') continue;
        const values = { [fieldKey(field)]: field.choices.join('\n') };
        const said = ruleOfForm({ ...emptyRule(), id: 'x', on: on as 'write', values });
        expect(rule.safeParse(said).error?.issues ?? [], `${on} ${fieldKey(field)}`).toEqual([]);
      }
  });
});

describe('an edit of the text', () => {
  const mine = { id: 'no-docs', on: 'write', paths: ['docs/**'], then: 'deny' };

  it('adds, changes, moves and removes a rule and leaves every comment elsewhere', () => {
    const added = putRule(text, { list: 'limits', was: null, rule: mine });
    expect(policyOf(added).limits.map(({ id }) => id)).toEqual(['no-publish', 'no-docs']);
    const changed = putRule(added, { list: 'limits', was: 'no-docs', rule: { ...mine, id: 'no-guides' } });
    expect(policyOf(changed).limits.map(({ id }) => id)).toEqual(['no-publish', 'no-guides']);
    const moved = putRule(changed, { list: 'defaults', was: 'no-guides', rule: mine });
    expect(policyOf(moved).defaults.map(({ id }) => id)).toEqual(['w8-migrations', 'no-docs']);
    for (const each of [added, changed, moved])
      for (const comment of ['# Ours since May', '# what we began with', '# publishing is for people'])
        expect(each).toContain(comment);
    expect(policyOf(dropRule(moved, 'no-docs'))).toEqual(policyOf(text));
    expect(dropRule(text, 'nobody')).toBe(text);
  });

  it('begins a list where there is none and takes away one that is empty', () => {
    const first = putRule('preset: balanced\n', { list: 'limits', was: null, rule: mine });
    expect(policyOf(first).limits).toHaveLength(1);
    expect(dropRule(first, 'no-docs')).toBe('preset: balanced\n');
    expect(policyOf(putRule('', { list: 'limits', was: null, rule: mine })).limits).toHaveLength(1);
  });

  it('sets what holds otherwise, the preset and what is left out of it', () => {
    const set = setValue(text, ['otherwise', 'command'], 'ask');
    expect(policyOf(set).otherwise).toEqual({ command: 'ask' });
    expect(policyOf(setValue(set, ['otherwise', 'command'], null))).toEqual(policyOf(text));
    expect(policyOf(setValue(text, ['preset'], 'cautious')).preset).toBe('cautious');
    expect(policyOf(setValue(text, ['without'], ['w8-migrations'])).without).toEqual(['w8-migrations']);
    expect(policyOf(setValue(text, ['changes'], 'owners')).changes).toBe('owners');
  });
});
