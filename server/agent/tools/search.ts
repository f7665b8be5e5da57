import { z } from 'zod';
import { quoted, ripgrep } from './ripgrep.ts';
import { tool } from './tool.ts';

const schema = z.strictObject({
  pattern: z.string().min(1).describe('A regular expression in the syntax of ripgrep'),
  path: z.string().min(1).optional().describe('File or folder to search; the whole repository when left out'),
  glob: z.string().min(1).optional().describe('Only files whose path matches, e.g. **/*.ts'),
});

const asLines = ['--line-number', '--no-heading', '--with-filename', '--max-columns 300', '--max-columns-preview'];

export const search = tool({
  description:
    'Searches file contents with ripgrep; answers path:line:text. Files that git ignores and files that may hold secrets are left out.',
  schema,
  action: ({ path }) => ({ kind: 'file_read', path: path ?? '.' }),
  run({ sandbox }, { input: { pattern, path, glob }, signal }) {
    const options = [...asLines, '--regexp', quoted(pattern)];
    return ripgrep(sandbox, { options, glob, path, signal, narrower: 'narrow pattern, path or glob' });
  },
});
