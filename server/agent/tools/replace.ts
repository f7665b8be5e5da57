import { z } from 'zod';
import { replaceOnce } from '../text/apply-edit.ts';
import { editFile } from './edit.ts';
import { pathField } from './files.ts';
import { tool } from './tool.ts';

const schema = z.strictObject({
  path: pathField,
  old_text: z.string().describe('The exact text to replace; it must occur exactly once in the file'),
  new_text: z.string().describe('What stands there afterwards; empty deletes'),
});

export const replace = tool({
  description:
    'Replaces one piece of text in a file. old_text must match exactly, white space included, and be unique: give enough ' +
    'lines around it. Without the line numbers that view shows.',
  schema,
  action: ({ path, old_text, new_text }) => ({
    kind: 'file_write',
    path,
    edit: { removed: old_text, added: new_text, whole: false },
  }),
  run: (kit, { input, signal }) =>
    editFile(kit, {
      path: input.path,
      signal,
      apply: (text) => replaceOnce(text, { oldText: input.old_text, newText: input.new_text }),
    }),
});
