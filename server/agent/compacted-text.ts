import { summaryText, type Summary } from '../domain/context/summary.ts';
import type { Decision } from '../domain/runs/plan.ts';
import { fenced } from '../domain/transcript/fenced.ts';
import type { Facts, Transcript } from '../domain/transcript/transcript.ts';
import { list, section } from './text/sections.ts';
import { cutMiddle } from './text/truncate.ts';

const mostSummaryBytes = 32 * 1024;
const mostSaidBytes = 8 * 1024;
const mostPaths = 200;

const cut = (text: string, bytes: number) => cutMiddle({ head: text, tail: '', droppedBytes: 0 }, bytes);

function failing({ command, text }: Facts['failing'][number]): string {
  return `\`${cut(command, 400)}\`\n${fenced('output', text)}`;
}

function summarySection(summary: Summary): string {
  if (Object.keys(summary).length === 0) {
    return section('Your summary', 'There is none. Look at the files and at the output of git diff before you go on.');
  }
  const text = summaryText(summary, () => 'You wrote nothing here; what is known stands below.');
  return section('Your summary', fenced('summary, in your words', cut(text, mostSummaryBytes)));
}

/** What was noted as it was decided, and what an earlier summary held where this one says nothing of it. */
function decisionsText({ noted, summed }: { noted: readonly Decision[]; summed: string }, summary: Summary): string {
  const earlier = summary.Decisions === undefined && summed !== '' ? [cut(summed, mostSummaryBytes)] : [];
  const lines = noted.map(({ what, why }) => `${what}, because ${why}`);
  return [...earlier, ...(lines.length > 0 ? [list(lines)] : [])].join('\n');
}

/** What stands for the conversation after the task. What the platform itself knows does not depend on what the agent wrote. */
export function compactedText(summary: Summary, { plan, said, facts, decisions }: Transcript): string {
  const paths = facts.written.slice(-mostPaths);
  const decided = decisionsText(decisions, summary);
  const steps = list(plan.map(({ state, text }) => `${state}: ${text}`));
  return [
    'What came after the task was removed because the context was full; your last turn follows below. This is what is left of it. Task, goal and scope are those above.',
    summarySection(summary),
    decided !== '' && section('Decisions you made', fenced('decisions, in your words', decided)),
    plan.length > 0 && section('Your plan', fenced('plan, in your words', steps)),
    said.length > 0 && section('What you were told meanwhile', list(said.map((text) => cut(text, mostSaidBytes)))),
    paths.length > 0 && section('Paths your file tools wrote', fenced('paths', list(paths))),
    facts.failing.length > 0 && section('Commands whose last run failed', facts.failing.map(failing).join('\n\n')),
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}
