import type { Call, Turn } from '../../../adapters/model/scripted/story.ts';
import { summaryHeadings } from '../../../domain/context/summary.ts';
import { dice } from '../../../domain/dice.ts';
import { toolNames, type ToolName } from '../../../domain/roles/role-body.ts';
import { corpusReads, corpusWrites } from './servers.ts';

/** What makes a conversation its own: which calls fail, what people do meanwhile, where the worker dies. */
export const themes = [
  'work',
  'faults',
  'people',
  'jobs',
  'refusals',
  'memory',
  'limits',
  'circles',
  'crash',
  'review',
] as const;
export type Theme = (typeof themes)[number];

export type CorpusStory = { seed: number; theme: Theme; turns: Turn[] };

/** What a story is made of, drawn from its seed. */
export function drawing(seed: number) {
  const roll = dice(seed);
  const upTo = (most: number) => Math.floor(roll() * most);
  return { upTo, one: <T>(of: readonly T[]): T => of[upTo(of.length)]! };
}
type Drawing = ReturnType<typeof drawing>;

/** Inputs of one call of each tool. `n` is new for each call, so that what a call did can be told from all others. */
const inputs: { [T in ToolName]?: (n: number, roll: Drawing) => Record<string, unknown> } = {
  shell: (n, roll) => ({ command: `${roll.one(['ok', 'ok', 'fail', 'slow', 'big'])} ${n}` }),
  job_start: (n, roll) => ({ command: `${roll.one(['serve', 'once'])} ${n}`, wait_for: 'listening', wait_seconds: 1 }),
  job_read: () => ({}),
  job_stop: (_n, roll) => ({ id: roll.one(['job-1', 'job-2', 'job-9']) }),
  browser_open: (n, roll) => ({ url: roll.one([`http://localhost:3000/${n}`, 'http://example.com/', 'file:///etc']) }),
  browser_read: () => ({}),
  browser_click: (n) => ({ element: 1 + (n % 90) }),
  browser_type: (n) => ({ element: 1 + (n % 90), text: `typed ${n}` }),
  browser_screenshot: () => ({}),
  fetch_url: (n) => ({ url: `https://docs.test/${n}` }),
  view: (n, roll) => ({ path: roll.one([`src/f${n % 40}.js`, 'src', `src/none${n}.js`, '.env', '../x']) }),
  create: (n, roll) => ({
    path: roll.one([`src/new${n}.js`, `.github/x${n}.yml`, `docs/x${n}.md`]),
    content: `${n}\n`,
  }),
  replace: (n, roll) => ({ path: `src/f${n}.js`, old_text: roll.one(['two', 'nine']), new_text: `${n}` }),
  insert: (n, roll) => ({ path: `src/f${n}.js`, after_line: roll.one([0, 1, 99]), text: `line ${n}` }),
  search: (n) => ({ pattern: `needle ${n}` }),
  find: (n) => ({ glob: `**/*${n}.js` }),
  claim_paths: (n, roll) => ({ paths: [roll.one([`src/f${n}.js`, 'src/', ''])] }),
  plan: (n) => ({
    items: [{ text: `Step ${n}`, state: 'doing' }],
    decisions: [{ what: `Way ${n}`, why: 'it is short' }],
  }),
  read_output: () => ({ id: 'nothing' }),
  ask_person: (n) => ({ question: `Question ${n}?`, options: ['Yes', 'No'] }),
  request_scope: (n) => ({ paths: [`docs/x${n}.md`], why: 'The house rules want it.' }),
  request_budget: (n) => ({ unit: 'seconds', amount: 300, why: `More of it, ${n}.` }),
  delegate: (n) => ({ question: `Where is ${n} made?` }),
  report: (n) => ({ answer: `It is made in src/f${n}.js.` }),
  report_blocker: (n) => ({ what: `Stopped by ${n}.`, needs: 'Somebody.' }),
  handoff: (n) => ({ summary: `Done, ${n}.` }),
  decide: () => ({ decision: 'approve', summary: 'It does what was asked.' }),
};

const ends: readonly string[] = ['handoff', 'decide', 'report'];
const endOf: { [T in Theme]?: ToolName } = { review: 'decide', memory: 'report' };
const people: readonly string[] = ['delegate', 'ask_person', 'request_scope', 'request_budget', 'report_blocker'];

const callOf = (tool: ToolName, n: number, roll: Drawing): Call => ({ tool, input: inputs[tool]?.(n, roll) ?? {} });

/** Words that pass for a summary where one is asked for in this turn. */
const summary = summaryHeadings.map((heading) => `${heading}: about ${heading.toLowerCase()}.`).join('\n');

function openingOf(theme: Theme, at: number): Call[][] {
  const broken: Call[] = [
    { tool: 'no_such_tool', input: {} },
    { tool: 'view', input: { path: 7 } },
    { tool: 'shell', input: { command: '' } },
  ];
  const circle: Call[][] = Array.from({ length: 9 }, () => [{ tool: 'view', input: { path: 'src/f1.js' } }]);
  const big = (n: number): Call => ({ tool: 'shell', input: { command: `big ${at + n}` } });
  const issue = (tool: string, n: number): Call => ({ tool, input: { issue: at + n } });
  const openings: { [T in Theme]?: Call[][] } = {
    refusals: [broken],
    circles: circle,
    crash: [
      [issue(corpusReads, 1), issue(corpusWrites, 2), issue(corpusWrites, 5), issue(corpusReads, 3)],
      [issue(corpusWrites, 4)],
      [issue(corpusReads, 15), issue(corpusWrites, 6)],
    ],
    memory: Array.from({ length: 6 }, (_, n) => [big(2 * n), big(2 * n + 1)]),
    limits: [[], [{ tool: 'plan', input: inputs.plan!(at, drawing(at)) }], []],
    jobs: [
      [{ tool: 'job_start', input: { command: `serve ${at}`, wait_for: 'listening' } }],
      [{ tool: 'job_read', input: { id: 'job-1', wait_seconds: 1 } }],
      [{ tool: 'job_stop', input: { id: 'job-1' } }],
    ],
  };
  return openings[theme] ?? [];
}

/** Once old turns were summed up the story's place is lost: it comes to its end. Reads on in what was cut before. */
function rememberingCalls(calls: Call[], end: Call): Turn['calls'] {
  return ({ brief, results }) => {
    if (brief.includes('This is what is left of it')) return [end];
    const id = /read_output with the id (\w+)/.exec(results.join('\n'))?.[1];
    return id ? [{ tool: 'read_output', input: { id, start_line: 3, end_line: 5 } }, ...calls] : calls;
  };
}

/** A conversation of its own: about six turns of all kinds of calls, and an end. */
export function storyOf(seed: number): CorpusStory {
  const roll = drawing(seed);
  const theme = themes[seed % themes.length]!;
  let n = seed * 1000;
  const usual = toolNames.filter((tool) => !ends.includes(tool) && (theme === 'people' || !people.includes(tool)));
  const turns = openingOf(theme, n);
  n += 100;
  for (let turn = 0; turn < 4 + roll.upTo(3); turn += 1) {
    const calls = Array.from({ length: 1 + roll.upTo(4) }, () => callOf(roll.one(usual), (n += 1), roll));
    // What asks people ends its turn: something before it and something after it.
    turns.push(theme === 'people' ? [...calls, callOf(roll.one(people) as ToolName, (n += 1), roll), big(n)] : calls);
  }
  const end = callOf(endOf[theme] ?? 'handoff', n + 1, roll);
  const played = [...turns, [end]].map((calls, at) => ({
    say: theme === 'memory' ? summary : `Step ${at + 1} of ${theme}.`,
    calls: theme === 'memory' ? rememberingCalls(calls, end) : calls,
  }));
  return { seed, theme, turns: played };
}

const big = (n: number): Call => ({ tool: 'view', input: { path: `src/f${n % 40}.js` } });
