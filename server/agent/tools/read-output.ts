import { z } from 'zod';
import { decodeOutput } from '../text/decode-bytes.ts';
import { linesOf, numberLines } from '../text/number-lines.ts';
import { headOf } from '../text/truncate.ts';
import { failed, ok, tool } from './tool.ts';

const mostMatches = 200;
const mostLineBytes = 400;

const schema = z.strictObject({
  id: z.string().min(1).describe('The id that the cut result names'),
  start_line: z.int().min(1).optional().describe('First line to show, from 1'),
  end_line: z.int().min(1).optional().describe('Last line to show'),
  contains: z.string().min(1).optional().describe('Show only lines that hold this text, with their numbers'),
});
type Input = z.infer<typeof schema>;

function matching(text: string, { contains = '', start_line: start = 1, end_line: end = Infinity }: Input) {
  const hits = linesOf(text).flatMap((line, index) => {
    const number = index + 1;
    return number >= start && number <= end && line.includes(contains)
      ? [`${number}: ${headOf(line, mostLineBytes)}`]
      : [];
  });
  if (hits.length === 0) return ok(`No line holds ${JSON.stringify(contains)}.`);
  const more = hits.length - mostMatches;
  const note = more > 0 ? `\n[${more} more lines; ask from a later start_line or for a longer text]` : '';
  return ok(`${hits.slice(0, mostMatches).join('\n')}${note}`);
}

function part(text: string, { start_line: start = 1, end_line: end = Number.MAX_SAFE_INTEGER }: Input) {
  if (end < start) return failed(`end_line ${end} lies before start_line ${start}.`);
  const shown = numberLines(text, { start, end });
  if (start > shown.total) return failed(`The output has ${shown.total} lines; start_line ${start} is past its end.`);
  const rest = shown.last < Math.min(end, shown.total);
  const note = `\n[shown to line ${shown.last} of ${shown.total}; go on with start_line ${shown.last + 1}]`;
  return ok(`${shown.text}${rest ? note : ''}`);
}

export const readOutput = tool({
  description:
    'Reads on in a result that was cut: the whole of it is kept under the id which the result names. Gives the lines from ' +
    'start_line to end_line, or only those that contain a text.',
  schema,
  action: () => ({ kind: 'own_output' }),
  async run({ blobs }, { input, outputs }) {
    if (!outputs.includes(input.id)) {
      const known = outputs.length === 0 ? 'None was kept so far.' : `There are: ${outputs.slice(-10).join(', ')}.`;
      return failed(`No result of this run was kept under the id ${headOf(input.id, 100)}. ${known}`);
    }
    const text = decodeOutput(await blobs.get(input.id));
    return input.contains === undefined ? part(text, input) : matching(text, input);
  },
});
