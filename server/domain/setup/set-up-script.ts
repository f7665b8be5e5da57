import type { ExecResult } from '../ports/sandbox.ts';
import { lastLines, plainText } from '../checks/plain-text.ts';
import type { EnvironmentStep } from './environment.ts';

/** A bash script that runs `commands` line by line, stops at the first that fails, and names each line after `marker`. */
export function tracedScript({ commands, marker }: { commands: string; marker: string }): string {
  return [
    'set -eET -o pipefail',
    // Another descriptor: what a command substitution collects must not hold our marks.
    'exec 9>&2',
    `trap 'printf "%s %s\\n" "${marker}" "\${BASH_COMMAND%%$'"'"'\\n'"'"'*}" >&9' DEBUG`,
    commands,
    '',
  ].join('\n');
}

type Traced = { result: ExecResult; marker: string; what: string };

/** What a traced script came to. `what` begins a sentence: "Set-up", "The build". */
export function readTraced({ result, marker, what }: Traced): Omit<EnvironmentStep, 'step'> {
  const gap = result.droppedBytes > 0 ? `\n… ${result.droppedBytes} bytes left out …\n` : '';
  const text = `${plainText(result.head)}${gap}${plainText(result.tail)}`;
  const at = text.lastIndexOf(`${marker} `);
  const last = at < 0 ? null : (text.slice(at + marker.length + 1).split('\n')[0] ?? null);
  const output = lastLines(text.replaceAll(`${marker} `, '$ '), 8_000);
  const millis = Math.round(result.durationMs);
  if (result.ended === 'exited' && result.exitCode === 0) {
    return { result: 'passed', detail: `${what} succeeds.`, line: null, millis, output };
  }
  return { result: 'failed', detail: endOf(result, what), line: last, millis, output };
}

function endOf({ ended, exitCode, durationMs, exceeded }: ExecResult, what: string): string {
  if (ended === 'timed_out') return `${what} did not end within ${inWords(durationMs)} and was stopped.`;
  if (ended !== 'exited') return `${what} was cut off${exceeded === undefined ? '' : ` by its limit of ${exceeded}`}.`;
  return `${what} ended with exit code ${exitCode}.`;
}

function inWords(millis: number): string {
  const seconds = Math.round(millis / 1_000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
