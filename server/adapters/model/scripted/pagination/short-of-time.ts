import type { Conversation } from '../conversation.ts';
import { some, type Part, type Turn } from '../story.ts';
import * as edits from './edits.ts';

const shell = (command: string) => ({ tool: 'shell', input: { command } });
const view = (path: string) => ({ tool: 'view', input: { path } });
const replace = (input: Record<string, unknown>) => ({ tool: 'replace', input });
const told = (pattern: RegExp) => (conversation: Conversation) => conversation.told.some((text) => pattern.test(text));

/** The whole change at once: what the honest developer comes to in two rounds. */
const store = { ...edits.storePaged, old_text: edits.storeNaive.old_text };
const route = {
  ...edits.routeNaive,
  new_text: edits.routeNaive.new_text
    .replace(edits.routeChecked.old_text, edits.routeChecked.new_text)
    .replace(edits.routePaged.old_text, edits.routePaged.new_text),
};
const tests = {
  ...edits.pagingTests,
  content: edits.pagingTests.content.replace(edits.strictTests.old_text, edits.strictTests.new_text),
};

/** What it answers to what it meets, whenever that is; it waits for its slow suite meanwhile. */
const answers: Turn[] = [
  {
    expects: told(/done again from here/),
    say: 'The tests I saved are still there. Now the suite runs to its end.',
    calls: [shell('npm test')],
  },
  {
    expects: some(/pass 16\b/),
    say: 'All 16 pass. I hand over.',
    calls: [
      {
        tool: 'handoff',
        input: {
          summary:
            'GET /users answers one page at a time; bad values of page and pageSize are refused with 400 invalid_query.',
          decisions: [
            { what: 'pageUsers is a new function', why: 'the signup report counts every member through listUsers' },
          ],
          claims: [{ statement: '16 tests pass', evidence: 'npm test' }],
        },
      },
    ],
  },
  {
    expects: some(/^Given: /m),
    say: 'A little more time, and I spend it on a command that never ends.',
    calls: [shell('sleep 600')],
  },
  {
    expects: some(/Created test\/users-paging\.test\.js/),
    say: 'What I have stands by itself now. I ask for the time that running it takes.',
    calls: [
      {
        tool: 'request_budget',
        input: {
          unit: 'seconds',
          amount: 60,
          why: 'The change and its tests are written; the tests have not run yet.',
        },
      },
    ],
  },
  {
    expects: told(/budget is nearly used up/),
    say: 'My time is nearly used up, so I stop waiting and save: the tests for what I have written.',
    calls: [{ tool: 'create', input: tests }],
  },
  { say: 'The slow suite is not done yet.', calls: [{ tool: 'job_read', input: { id: 'job-1', wait_seconds: 2 } }] },
];

/** Less run-time than the sample task takes with its slow suite. */
function isShort(brief: string): boolean {
  const seconds = /^(\d+) s of run-time/m.exec(brief)?.[1];
  return seconds !== undefined && Number(seconds) < 60;
}

/** The sample task by a developer who is short of time: told of it, saves, asks for more, and is stopped at the end of that. */
export const developerShortOfTime: Part = {
  role: 'developer',
  round: 1,
  when: isShort,
  turns: [
    {
      say: 'I read what is there.',
      calls: [view('src/routes/users.js'), view('src/store/users.js'), view('docs/api.md')],
    },
    { expects: some(/listUsers/), say: 'Do the tests pass as they are?', calls: [shell('npm test')] },
    {
      expects: some(/pass 7\b/),
      say: 'All 7 pass. I page in a function of its own, refuse bad values and describe it.',
      calls: [
        replace(store),
        replace(edits.routeImport),
        replace(route),
        replace(edits.wholeNumber),
        replace(edits.docsPaged),
        replace(edits.docsChecked),
      ],
    },
    {
      say: 'A slow suite, beside which I can wait.',
      calls: [{ tool: 'job_start', input: { command: 'sleep 120; npm test' } }],
    },
    ...Array.from({ length: 30 }, () => answers),
  ],
};
