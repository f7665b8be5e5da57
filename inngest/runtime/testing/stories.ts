import type { Call, Part, Turn } from '../../../server/adapters/model/scripted/story.ts';
import { traceFile } from './trace.ts';

export const shell = (command: string): Call => ({ tool: 'shell', input: { command } });
/** A command that leaves a line in the tree each time it runs, for whoever looks from outside. */
export const traced = (line: string, command: string): Call => shell(`echo ${line} >> ${traceFile}; ${command}`);
export const create = (path: string, content: string): Call => ({ tool: 'create', input: { path, content } });
export const replace = (path: string, old_text: string, new_text: string): Call => ({
  tool: 'replace',
  input: { path, old_text, new_text },
});
export const handoff = (summary: string, over: Record<string, unknown> = {}): Call => ({
  tool: 'handoff',
  input: { summary, ...over },
});
export const ask = (question: string, options: string[] = []): Call => ({
  tool: 'ask_person',
  input: { question, options },
});
export const approve: Call = { tool: 'decide', input: { decision: 'approve', summary: 'It does what was asked.' } };
export const requestChanges = (path: string, line: number): Call => ({
  tool: 'decide',
  input: {
    decision: 'changes_requested',
    summary: 'One thing is missing.',
    findings: [{ path, line, severity: 'must', statement: 'It ignores text.', evidence: 'node -e … printed NaN' }],
  },
});

/** One turn a list of calls. */
const turns = (calls: Call[][]): Turn[] => calls.map((each, n) => ({ say: `Step ${n + 1}.`, calls: each }));

export const developer = (round: number | 'any', ...calls: Call[][]): Part => ({
  role: 'developer',
  round,
  turns: turns(calls),
});
export const reviewer = (round: number | 'any', ...calls: Call[][]): Part => ({
  role: 'code-reviewer',
  round,
  turns: turns(calls),
});

export const doubleTest = (name = 'doubles', expression = 'double(2)') =>
  [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { double } from '../src/double.js';",
    '',
    `test('${name}', () => assert.equal(${expression}, 4));`,
    '',
  ].join('\n');

/** A developer's first round that does the task properly. */
export const doubles = developer(
  1,
  [shell('node --test')],
  [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
  [shell('node --test')],
  [handoff('double() doubles a number.')],
);
export const approves = reviewer('any', [approve]);
