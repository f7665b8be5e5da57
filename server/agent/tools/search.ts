import { z } from 'zod';
import { pathClasses } from '../../domain/scope/path-classes.ts';
import { decodeOutput } from '../text/decode-bytes.ts';
import { headOf, mostResultBytes } from '../text/truncate.ts';
import { linesOf } from '../text/number-lines.ts';
import { sandboxPath } from './files.ts';
import { failed, ok, tool } from './tool.ts';

const keptBytes = 256 * 1024;
const timeoutMs = 60_000;

const schema = z.strictObject({
  pattern: z.string().min(1).describe('A regular expression in the syntax of ripgrep'),
  path: z.string().min(1).optional().describe('File or folder to search; the whole repository when left out'),
  glob: z.string().min(1).optional().describe('Only files whose path matches, e.g. **/*.ts'),
});

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Later globs win, so that no pattern of the agent's brings back what nobody may read. */
function command({ pattern, path, glob }: z.infer<typeof schema>): string {
  const hidden = ['.git', ...pathClasses['@secrets'].globs].map((each) => `--glob ${quoted(`!${each}`)}`);
  const wanted = glob === undefined ? [] : [`--glob ${quoted(glob)}`];
  const options = ['--line-number', '--no-heading', '--with-filename', '--color never', '--sort path', '--no-config'];
  const reach = ['--hidden', '--no-require-git', '--max-columns 300', '--max-columns-preview'];
  const place = sandboxPath(path ?? '.') || '.';
  return ['rg', ...options, ...reach, ...wanted, ...hidden, '--regexp', quoted(pattern), '--', quoted(place)].join(' ');
}

export const search = tool({
  description:
    'Searches file contents with ripgrep; answers path:line:text. Files that git ignores and files that may hold secrets are left out.',
  schema,
  action: ({ path }) => ({ kind: 'file_read', path: path ?? '.' }),
  async run({ sandbox }, { input, signal }) {
    const done = await sandbox.exec({ command: command(input), timeoutMs, maxOutputBytes: keptBytes, signal });
    if (done.ended === 'aborted') throw signal.reason ?? new Error('The search was aborted.');
    if (done.ended !== 'exited')
      return failed('The search did not finish. Search a smaller folder or a simpler pattern.');
    const output = decodeOutput(done.head).replace(/^\.\//gm, '') + decodeOutput(done.tail);
    if (done.exitCode === 1 && output === '') return ok('Nothing matches.');
    if (done.exitCode === 127) return failed('ripgrep (rg) is missing in the sandbox; use shell with grep -rn.');
    if (done.exitCode !== 0 && done.exitCode !== 1) return failed(`The search failed: ${headOf(output, 2000)}`);
    const shown = headOf(output, mostResultBytes);
    const isCut = done.droppedBytes > 0 || shown.length < output.length;
    const note = `\n[cut after ${linesOf(shown).length} lines; narrow pattern, path or glob to see the rest]`;
    return { ...ok(`${shown.trimEnd()}${isCut ? note : ''}`), droppedBytes: done.droppedBytes };
  },
});
