import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { pathClasses } from '../../domain/scope/path-classes.ts';
import type { ToolResult } from '../ports.ts';
import { decodeOutput } from '../text/decode-bytes.ts';
import { linesOf } from '../text/number-lines.ts';
import { headOf, mostResultBytes } from '../text/truncate.ts';
import { sandboxPath } from './files.ts';
import { failed, ok } from './tool.ts';

const keptBytes = 256 * 1024;
const timeoutMs = 60_000;

export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export type Ripgrep = { options: string[]; glob?: string | undefined; path?: string | undefined };

/** Later globs win, so that no pattern of the agent's brings back what nobody may read. */
function command({ options, glob, path }: Ripgrep): string {
  const hidden = ['.git', ...pathClasses['@secrets'].globs].map((each) => `--glob ${quoted(`!${each}`)}`);
  const wanted = glob === undefined ? [] : [`--glob ${quoted(glob)}`];
  const always = ['--color never', '--sort path', '--no-config', '--hidden', '--no-require-git'];
  const place = sandboxPath(path ?? '.') || '.';
  return ['rg', ...always, ...wanted, ...hidden, ...options, '--', quoted(place)].join(' ');
}

/** Lines that ripgrep prints, cut to what the model gets. `narrower` says how the agent sees the rest of a cut answer. */
export async function ripgrep(
  sandbox: Sandbox,
  { signal, narrower, ...asked }: Ripgrep & { signal: AbortSignal; narrower: string },
): Promise<ToolResult> {
  const done = await sandbox.exec({ command: command(asked), timeoutMs, maxOutputBytes: keptBytes, signal });
  if (done.ended === 'aborted') throw signal.reason ?? new Error('The search was aborted.');
  if (done.ended !== 'exited') return failed(`The search did not finish; ${narrower}.`);
  const output = decodeOutput(done.head).replace(/^\.\//gm, '') + decodeOutput(done.tail);
  if (done.exitCode === 1 && output === '') return ok('Nothing matches.');
  if (done.exitCode === 127) return failed('ripgrep (rg) is missing in the sandbox; use shell with grep or find.');
  if (done.exitCode !== 0 && done.exitCode !== 1) return failed(`The search failed: ${headOf(output, 2000)}`);
  const shown = headOf(output, mostResultBytes);
  const isCut = done.droppedBytes > 0 || shown.length < output.length;
  const note = `\n[cut after ${linesOf(shown).length} lines; ${narrower} to see the rest]`;
  return { ...ok(`${shown.trimEnd()}${isCut ? note : ''}`), droppedBytes: done.droppedBytes };
}
