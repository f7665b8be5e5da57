import { z } from 'zod';
import { linesOf } from '../text/number-lines.ts';
import { pathField, writeTextFile } from './files.ts';
import { failed, ok, tool, type FilesKit } from './tool.ts';

const schema = z.strictObject({ path: pathField, content: z.string().describe('The whole text of the file') });

type Input = z.infer<typeof schema>;

export const create = tool<Input, FilesKit>({
  description:
    'Creates a text file, and the folders above it. An existing file is left as it is: change it with replace.',
  schema,
  action: ({ path, content }) => ({ kind: 'file_write', path, edit: { removed: '', added: content, whole: true } }),
  async run({ sandbox }, { input: { path, content }, signal }) {
    const problem = await writeTextFile(sandbox, path, { text: content, mode: 'create', signal });
    return problem === null ? ok(`Created ${path} with ${linesOf(content).length} lines.`) : failed(problem);
  },
});
