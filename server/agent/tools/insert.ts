import { z } from 'zod';
import { insertAfter } from '../text/apply-edit.ts';
import { editFile } from './edit.ts';
import { pathField } from './files.ts';
import { tool } from './tool.ts';

const schema = z.strictObject({
  path: pathField,
  after_line: z.int().min(0).describe('The line after which the text goes; 0 puts it first'),
  text: z.string().describe('Whole lines'),
});

export const insert = tool({
  description: 'Inserts whole lines into a file after a line.',
  schema,
  action: ({ path, text }) => ({ kind: 'file_write', path, edit: { removed: '', added: text, whole: false } }),
  run: (kit, { input, signal }) =>
    editFile(kit, {
      path: input.path,
      signal,
      apply: (text) => insertAfter(text, { afterLine: input.after_line, text: input.text }),
    }),
});
