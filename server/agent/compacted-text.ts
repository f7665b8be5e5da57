import type { Facts } from '../domain/transcript/transcript.ts';
import type { PlanItem } from '../domain/runs/plan.ts';
import { fenced } from '../domain/transcript/fenced.ts';
import { list, section } from './text/sections.ts';
import { cutMiddle } from './text/truncate.ts';

const mostSummaryBytes = 32 * 1024;
const mostSaidBytes = 8 * 1024;
const mostPaths = 200;

const cut = (text: string, bytes: number) => cutMiddle({ head: text, tail: '', droppedBytes: 0 }, bytes);

function failing({ command, text }: Facts['failing'][number]): string {
  return `\`${cut(command, 400)}\`\n${fenced('output', text)}`;
}

type Left = { summary: string; plan: readonly PlanItem[]; said: string[]; facts: Facts };

/** What stands for the conversation after the task. What the platform itself knows does not depend on what the agent wrote. */
export function compactedText({ summary, plan, said, facts }: Left): string {
  const paths = facts.written.slice(-mostPaths);
  return [
    'What came after the task was removed because the context was full; your last turn follows below. This is what is left of it.',
    summary === ''
      ? section('Your summary', 'There is none. Look at the files and at the output of git diff before you go on.')
      : section('Your summary', fenced('summary', cut(summary, mostSummaryBytes))),
    plan.length > 0 && section('Your plan', list(plan.map(({ state, text }) => `${state}: ${text}`))),
    said.length > 0 && section('What you were told meanwhile', list(said.map((text) => cut(text, mostSaidBytes)))),
    paths.length > 0 && section('Paths your file tools wrote', list(paths)),
    facts.failing.length > 0 && section('Commands whose last run failed', facts.failing.map(failing).join('\n\n')),
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}
