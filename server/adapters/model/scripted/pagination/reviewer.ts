import type { Conversation } from '../conversation.ts';
import { some, type Part } from '../story.ts';

const probe = (query: string) => ({ tool: 'shell', input: { command: `node scripts/probe.js '/users?${query}'` } });

/** The line of the file as the reviewer has just seen it, from the tool's numbered view. */
function lineOf(conversation: Conversation, text: string): number {
  const line = new RegExp(`^\\s*(\\d+)[^\\n\\d].*${text}`, 'm');
  for (const result of conversation.results) {
    const found = line.exec(result)?.[1];
    if (found) return Number(found);
  }
  return 1;
}

const answered = (conversation: Conversation, pattern: RegExp) =>
  conversation.results.flatMap((result) => pattern.exec(result)?.[0] ?? []).join('; ');

/** Round one and two alike: what the probes really answer decides. */
export const reviewer: Part = {
  role: 'code-reviewer',
  round: 'any',
  turns: [
    {
      say: 'The tests are green, so I look for what they do not show: the last page, a negative page and a page that is far too large.',
      calls: [
        probe('page=3'),
        probe('page=-1'),
        probe('pageSize=100000'),
        { tool: 'view', input: { path: 'src/routes/users.js' } },
      ],
    },
    [
      {
        expects: some(/page=3 -> 200, 5 items/, /page=-1 -> 200, 20 items/, /pageSize=100000 -> 200, 45 items/),
        say: 'Green tests and a wrong answer: a negative page answers 200 with 20 members, and one page can hold everybody.',
        calls: (conversation) => [
          {
            tool: 'decide',
            input: {
              decision: 'changes_requested',
              summary:
                'Paging works for good values. Bad values are answered with 200 and wrong data, against house rule 3.',
              findings: [
                {
                  path: 'src/routes/users.js',
                  line: lineOf(conversation, "Number\\(query\\.get\\('page'\\)"),
                  severity: 'must',
                  statement:
                    'Number() accepts any value: page=-1 answers 200 with 20 members and pageSize=100000 answers all 45. AGENTS.md rule 3 asks for 400 invalid_query and at most 100 items.',
                  evidence: answered(conversation, /GET \/users\?page(?:Size)?=(?:-1|100000) -> [^\n]*/),
                  suggestion: 'Read both values through one helper that refuses what is no whole number within limits.',
                },
              ],
            },
          },
        ],
      },
      {
        expects: some(/page=3 -> 200, 5 items/, /page=-1 -> 400/, /pageSize=100000 -> 400/),
        say: 'The same probes: bad values are refused now, and the last page still holds the rest.',
        calls: [
          {
            tool: 'decide',
            input: {
              decision: 'approve',
              summary:
                'Pages hold what they should, bad values are refused with 400 invalid_query, other endpoints answer as before.',
              findings: [],
            },
          },
        ],
      },
    ],
  ],
};
