import { all, some, type Part } from '../story.ts';
import * as edits from './edits.ts';

const runTests = { tool: 'shell', input: { command: 'npm test' } };
const view = (path: string) => ({ tool: 'view', input: { path } });
const replace = (input: Record<string, unknown>) => ({ tool: 'replace', input });

const documented = 'GET /users in docs/api.md describes paging';

export const developerFirstRound: Part = {
  role: 'developer',
  round: 1,
  turns: [
    {
      say:
        'Plan: give the store a way to read one page, let the route read `page` and `pageSize`, add tests for A1 to A3, ' +
        'and update `docs/api.md` as the house rules ask. First I read what is there.',
      calls: [view('src/routes/users.js'), view('src/store/users.js'), view('test/users.test.js')],
    },
    { expects: some(/listUsers/), say: 'Before I edit anything: do the tests pass as they are?', calls: [runTests] },
    {
      expects: some(/pass 7\b/),
      say: 'All 7 pass. I page in `listUsers`, wire the route and write the tests.',
      calls: [replace(edits.storeNaive), replace(edits.routeNaive), { tool: 'create', input: edits.pagingTests }],
    },
    { say: 'Now the whole suite.', calls: [runTests] },
    {
      expects: some(/fail 1\b/, /counts every member/),
      say: 'The signup report counts 20 members instead of 45: something else calls `listUsers`. I look before I change anything.',
      calls: [view('src/routes/reports.js')],
    },
    {
      expects: some(/listUsers/),
      say:
        'The report needs every member, and a failing test is a fact about the code. Decision: paging is a new function, ' +
        '`pageUsers`; `listUsers` keeps its promise. The total goes into the header `x-total-count`, so the body stays an array.',
      calls: [replace(edits.storePaged), replace(edits.routeImport), replace(edits.routePaged)],
    },
    { say: 'The suite again.', calls: [runTests] },
    {
      expects: some(/pass 10\b/),
      say: 'All 10 pass. The house rules ask for the documentation in the same change.',
      calls: [
        {
          tool: 'ask_person',
          input: {
            question:
              'May this change also edit docs/api.md? AGENTS.md says that an endpoint change updates docs/api.md in the same change.',
            options: ['Yes, edit docs/api.md', 'No, leave the documentation alone'],
          },
        },
      ],
    },
    [
      {
        expects: some(/\bYes\b/),
        say: 'Thank you. I describe the page parameters and the header.',
        calls: [replace(edits.docsPaged)],
      },
      {
        say: 'Understood, the documentation stays as it is. I run the suite once more before handing over.',
        calls: [runTests],
      },
    ],
    {
      say: 'The change is complete for the acceptance points. I hand over.',
      calls: ({ results }) => [
        {
          tool: 'handoff',
          input: {
            summary:
              'GET /users answers one page at a time: page counts from 1, pageSize is 20 when left out. The body stays an array; x-total-count carries the total.',
            decisions: [
              {
                what: 'pageUsers is a new function; listUsers still answers everyone',
                why: 'the signup report counts every member through listUsers',
              },
            ],
            claims: [
              { statement: '10 tests pass', evidence: 'npm test' },
              { statement: 'A1 to A4 are met', evidence: 'test/users-paging.test.js' },
            ],
            notDone: results.some((result) => /pass \d+/.test(result)) ? [`${documented}: a person said no`] : [],
          },
        },
      ],
    },
  ],
};

/** The id of the first finding the brief names. */
function findingId(brief: string): string {
  return /^Finding (\S+) /m.exec(brief)?.[1] ?? 'unknown';
}

export const developerSecondRound: Part = {
  role: 'developer',
  round: 2,
  turns: [
    {
      say: 'The finding is right: `Number` lets −1 and 100000 through. I read the lines again before I change them.',
      calls: [view('src/routes/users.js'), view('test/users-paging.test.js'), view('docs/api.md')],
    },
    {
      expects: some(/Number\(query\.get\('page'\)/),
      say: 'A value is a whole number within limits or it is refused with 400 `invalid_query`, and no page holds more than 100.',
      calls: [
        replace(edits.routeChecked),
        replace(edits.wholeNumber),
        replace(edits.strictTests),
        replace(edits.docsChecked),
      ],
    },
    { say: 'The whole suite.', calls: [runTests] },
    {
      expects: all(/pass 16\b/),
      say: 'All 16 pass. I hand over and answer the finding.',
      calls: ({ brief }) => [
        {
          tool: 'handoff',
          input: {
            summary: 'Bad values of page and pageSize are refused with 400 invalid_query; a page holds at most 100.',
            decisions: [
              {
                what: 'one helper reads both query values',
                why: 'both have the same rule and differ in their limits only',
              },
            ],
            claims: [{ statement: '16 tests pass', evidence: 'npm test' }],
            answers: [
              {
                finding: findingId(brief),
                how: 'wholeNumber() refuses what is no whole number within limits; six tests cover it',
              },
            ],
          },
        },
      ],
    },
  ],
};
