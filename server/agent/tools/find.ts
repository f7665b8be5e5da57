import { z } from 'zod';
import { ripgrep } from './ripgrep.ts';
import { tool } from './tool.ts';

const schema = z.strictObject({
  glob: z
    .string()
    .min(1)
    .max(500)
    .describe('A glob: *.md finds files of that name in any folder, src/**/*.ts from the folder on'),
  path: z.string().min(1).optional().describe('Folder to look in; the whole repository when left out'),
});

export const find = tool({
  description:
    'Finds files by name; answers their paths, sorted. Files that git ignores and files that may hold secrets are left out. To ' +
    'find text in files, use search.',
  schema,
  action: ({ path }) => ({ kind: 'file_read', path: path ?? '.' }),
  run({ sandbox }, { input: { glob, path }, signal }) {
    return ripgrep(sandbox, { options: ['--files'], glob, path, signal, narrower: 'narrow glob or path' });
  },
});
