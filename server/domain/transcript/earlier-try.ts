import type { Transcript } from './transcript.ts';

type Tried = Pick<Transcript, 'plan' | 'decisions' | 'facts'>;

const mostLines = 30;
const mostOfFailure = 300;

/**
 * What a run that got stuck leaves to the one that starts afresh: its plan, its decisions, the files it wrote and the commands
 * that still failed. Read from its log, without a model; null where there is nothing to say.
 */
export function earlierTry({ plan, decisions, facts }: Tried): string | null {
  const parts = [
    listed(
      'Its plan:',
      plan.map(({ text, state }) => `${state}: ${text}`),
    ),
    listed(
      'It decided:',
      decisions.noted.map(({ what, why }) => `${what}, because ${why}`),
    ),
    listed('Files that it wrote, which are not in your work tree:', facts.written),
    listed(
      'Commands that failed when it ran them last:',
      facts.failing.map(
        ({ command, text }) => `${command}\n  ${text.slice(-mostOfFailure).trim().replace(/\n/g, '\n  ')}`,
      ),
    ),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n\n');
}

function listed(title: string, lines: string[]): string | null {
  return lines.length === 0 ? null : [title, ...lines.slice(-mostLines).map((line) => `- ${line}`)].join('\n');
}
