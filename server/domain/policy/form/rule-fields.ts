import { networkPlaces, commandTraits, effects, type DeedKind } from '../deed.ts';
import { browserActs, externalWrites, gates, levels } from '../action.ts';
import type { Rule } from '../rule.ts';

/** One matcher of a rule as a form shows it. `at` is where its value stands in the rule. */
export type RuleField = { at: readonly string[]; label: string } & (
  | { type: 'lines'; hint?: string }
  | { type: 'choices'; choices: readonly string[] }
  | { type: 'number' }
  | { type: 'yes-no' }
);

const lines = (key: string, label: string, hint?: string): RuleField => ({
  at: [key],
  label,
  type: 'lines',
  ...(hint === undefined ? {} : { hint }),
});
const choices = (key: string, label: string, of: readonly string[]): RuleField => ({
  at: [key],
  label,
  type: 'choices',
  choices: of,
});
const number = (key: string, label: string): RuleField => ({ at: [key], label, type: 'number' });
const yesNo = (key: string, label: string): RuleField => ({ at: [key], label, type: 'yes-no' });

const pathHint = 'One a line: a path, a pattern such as src/**, or a class such as @migrations, @tests, @ci, @secrets.';
const commandHint = 'One simple command a line by its first words, such as npm publish; * within a word.';

/** All matchers of each kind: a form made of them says whatever the text can say. */
export const ruleFields: Record<DeedKind, readonly RuleField[]> = {
  command: [
    lines('run', 'Commands', commandHint),
    lines('except', 'But not', commandHint),
    choices('traits', 'That are', commandTraits),
    yesNo('offline', 'Its sandbox has no network'),
  ],
  read: [lines('paths', 'Paths', pathHint), lines('except', 'But not', pathHint)],
  write: [
    lines('paths', 'Paths', pathHint),
    lines('except', 'But not', pathHint),
    choices('effects', 'That', effects),
    choices('ways', 'By', ['tool', 'command', 'commit']),
    { at: ['outside', 'paths'], label: 'Outside of', type: 'lines', hint: pathHint },
    { at: ['outside', 'except'], label: 'And in spite of that outside', type: 'lines', hint: pathHint },
  ],
  network: [
    lines('hosts', 'Hosts', 'One a line: example.com, or *.example.com for the names below it.'),
    choices('methods', 'Verbs', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    choices('notMethods', 'All verbs but', ['GET', 'HEAD']),
    choices('places', 'Places', networkPlaces),
    number('moreThanBytes', 'More bytes out than'),
    yesNo('tainted', 'After text from outside and private data were read'),
  ],
  git: [
    choices('acts', 'Acts', ['push', 'force', 'tag', 'delete']),
    lines('refs', 'Refs', 'One a line; * for any text.'),
    yesNo('own', 'The run’s own branch'),
  ],
  mcp: [
    lines('tools', 'Tools', 'One a line: server/tool; * for any text.'),
    choices('effects', 'That', ['reads', 'writes', 'destroys']),
    yesNo('changed', 'Its definition changed since it was approved'),
  ],
  browser: [choices('acts', 'Acts', browserActs)],
  external: [
    choices('what', 'What', externalWrites),
    number('moreThan', 'More than, in a run'),
    choices('conduct', 'At conduct', levels),
  ],
  spend: [
    choices('what', 'What', ['raise', 'start']),
    number('moreThanTimes', 'To more than so many times the budget'),
    number('fromPercent', 'From so many percent of the month on'),
    number('belowPercent', 'Below so many percent of the month'),
    yesNo('progress', 'With fresh progress'),
    yesNo('offHours', 'Outside working hours'),
  ],
  model: [
    lines('models', 'Models', 'One a line: provider/model; * for any text.'),
    yesNo('listed', 'On the org’s list'),
  ],
  gate: [choices('gates', 'Gates', gates), yesNo('slight', 'A slight request'), yesNo('large', 'A large plan')],
  handoff: [number('moreThanLines', 'More lines than'), number('moreThanFiles', 'More files than')],
};

export const kindWords: Record<DeedKind, string> = {
  command: 'running a command',
  read: 'reading a file',
  write: 'writing a file',
  network: 'fetching from the network',
  git: 'changing git refs',
  mcp: 'calling an MCP tool',
  browser: 'using the browser',
  external: 'writing to people outside',
  spend: 'spending',
  model: 'using a model',
  gate: 'opening a gate',
  handoff: 'handing over a change',
};

/** A rule's values as a form holds them: text of each matcher by where it stands, joined by a dot. */
export type RuleForm = {
  list: 'limits' | 'defaults';
  id: string;
  on: DeedKind;
  then: Rule['then'];
  who: string;
  why: string;
  values: Record<string, string>;
};

const keyOf = ({ at }: RuleField) => at.join('.');
const deepGet = (value: unknown, at: readonly string[]): unknown =>
  at.reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);

const textOf = (value: unknown): string => {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
};

export function formOfRule(list: RuleForm['list'], each: Rule): RuleForm {
  const { id, on, then, who = '', why = '' } = each;
  const values = Object.fromEntries(ruleFields[on].map((field) => [keyOf(field), textOf(deepGet(each, field.at))]));
  return { list, id, on, then, who, why, values };
}

export const emptyRule = (): RuleForm => {
  return { list: 'defaults', id: '', on: 'write', then: 'ask', who: '', why: '', values: {} };
};

const entriesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const writeValue: Record<RuleField['type'], (text: string) => unknown> = {
  lines: entriesOf,
  choices: entriesOf,
  number: (text) => (Number.isNaN(Number(text)) ? text : Number(text)),
  'yes-no': (text) => text === 'true',
};

/** The rule that a form says, as it is written; whether it is one is said by the schema that reads the text. */
export function ruleOfForm({ id, on, then, who, why, values }: RuleForm): Record<string, unknown> {
  const rule: Record<string, unknown> = { id: id.trim(), on };
  for (const field of ruleFields[on]) {
    const text = values[keyOf(field)] ?? '';
    if (text.trim() === '') continue;
    const [key = '', inner] = field.at;
    const value = writeValue[field.type](text);
    rule[key] = inner === undefined ? value : { ...(rule[key] as object | undefined), [inner]: value };
  }
  rule['then'] = then;
  if (then === 'ask' && who !== '') rule['who'] = who;
  if (why.trim() !== '') rule['why'] = why.trim();
  return rule;
}

/** Of a rule's own text, by the name of a field. */
export const fieldKey = keyOf;
