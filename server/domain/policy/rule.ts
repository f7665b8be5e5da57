import { z } from 'zod';
import { hostPattern } from '../network/network-policy.ts';
import { globProblem } from '../scope/glob.ts';
import { isPathClass } from '../scope/path-classes.ts';
import { browserActs, externalWrites, gates, levels } from './action.ts';
import { commandTraits, effects, networkPlaces } from './deed.ts';
import { deciders, verdicts } from './verdict.ts';

const some = <T extends z.ZodType>(each: T) => z.array(each).min(1).max(200);

/** Whether an entry of `paths` names a class or is a pattern that can be used. */
function pathProblem(entry: string): string | null {
  if (!entry.startsWith('@') || entry.includes('/')) return globProblem(entry);
  return entry === '@git' || isPathClass(entry) ? null : `There is no path class ${entry}.`;
}

const pathEntry = z
  .string()
  .max(300)
  .superRefine((entry, context) => {
    const problem = pathProblem(entry);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** Words of a command: the first ones in order, options anywhere; `*` stands for any text within a word. */
const commandPattern = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (pattern) => pattern.trim() === pattern && !/\s{2}|\n/u.test(pattern),
    'Write words with one blank between them',
  )
  .refine(
    (pattern) => !/[|;&<>`$()]/u.test(pattern),
    'Write one simple command: each part of a longer one is judged alone',
  );

const hostEntry = z.union([hostPattern, z.literal('localhost')]);
const toolPattern = z.string().min(1).max(200);
const outside = z.strictObject({ paths: z.array(pathEntry).max(200), except: z.array(pathEntry).max(200).default([]) });

const common = {
  id: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, 'Write an id of lower-case letters, digits and single dashes'),
  then: z.enum(verdicts),
  /** Who decides, where the rule asks. */
  who: z.enum(deciders).optional(),
  /** Why, in words for agents and people. */
  why: z.string().min(1).max(300).optional(),
};

const kinds = [
  z.strictObject({
    ...common,
    on: z.literal('command'),
    run: some(commandPattern).optional(),
    except: some(commandPattern).optional(),
    traits: some(z.enum(commandTraits)).optional(),
    offline: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('read'),
    paths: some(pathEntry).optional(),
    except: some(pathEntry).optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('write'),
    paths: some(pathEntry).optional(),
    except: some(pathEntry).optional(),
    outside: outside.optional(),
    effects: some(z.enum(effects)).optional(),
    ways: some(z.enum(['tool', 'command', 'commit'])).optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('network'),
    hosts: some(hostEntry).optional(),
    methods: some(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])).optional(),
    notMethods: some(z.enum(['GET', 'HEAD'])).optional(),
    places: some(z.enum(networkPlaces)).optional(),
    moreThanBytes: z.int().nonnegative().optional(),
    tainted: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('git'),
    acts: some(z.enum(['push', 'force', 'tag', 'delete'])).optional(),
    refs: some(toolPattern).optional(),
    own: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('mcp'),
    tools: some(toolPattern).optional(),
    effects: some(z.enum(['reads', 'writes', 'destroys'])).optional(),
    changed: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('browser'),
    acts: some(z.enum(browserActs)).optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('external'),
    what: some(z.enum(externalWrites)).optional(),
    moreThan: z.int().nonnegative().optional(),
    conduct: some(z.enum(levels)).optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('spend'),
    what: some(z.enum(['raise', 'start'])).optional(),
    moreThanTimes: z.number().positive().optional(),
    fromPercent: z.int().nonnegative().optional(),
    belowPercent: z.int().positive().optional(),
    progress: z.boolean().optional(),
    offHours: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('model'),
    models: some(toolPattern).optional(),
    listed: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('gate'),
    gates: some(z.enum(gates)).optional(),
    slight: z.boolean().optional(),
    large: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    on: z.literal('handoff'),
    moreThanLines: z.int().nonnegative().optional(),
    moreThanFiles: z.int().nonnegative().optional(),
  }),
] as const;

const everything = new Set(['*', '**', '**/*', '*/**', '**/**']);
const unnarrowing = new Set(['id', 'on', 'then', 'who', 'why', 'except']);

/** Why a rule would match all that its kind can do, or null: then it would answer for every other rule. */
function catchAll(rule: z.infer<(typeof kinds)[number]>): string | null {
  const matchers = Object.entries(rule).filter(([key, value]) => !unnarrowing.has(key) && value !== undefined);
  const open = (value: unknown) => Array.isArray(value) && value.some((each) => everything.has(String(each)));
  if (matchers.some(([, value]) => !open(value))) return null;
  return (
    `The rule would match every ${rule.on}. Say what it is about, or write it under \`otherwise\`, which speaks where no ` +
    'rule does.'
  );
}

/** One rule as people write it. Within a matcher one entry is enough; of several matchers all must hold. */
export const rule = z.discriminatedUnion('on', [...kinds]).superRefine((each, context) => {
  const problem = catchAll(each);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  if (each.who && each.then !== 'ask')
    context.addIssue({ code: 'custom', path: ['who'], message: 'Only a rule that asks has somebody who decides.' });
});
export type Rule = z.infer<typeof rule>;
export type RuleOn<K extends Rule['on']> = Extract<Rule, { on: K }>;
