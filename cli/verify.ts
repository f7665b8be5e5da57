import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError } from '../server/domain/errors.ts';
import { exportChecker, exportedLine } from '../server/domain/audit/exported-log.ts';

/**
 * Checks an exported log (JSON Lines, or one JSON array of the same) against its own hashes and says what was found.
 * Returns the exit code: 0 only if every stream is whole. Throws AppError `invalid_input` when it is no exported log.
 */
export async function verify(file: string, print: (line: string) => void): Promise<number> {
  const checker = exportChecker();
  for await (const { value, place } of valuesIn(file)) {
    const line = exportedLine.safeParse(value);
    if (!line.success) throw new AppError('invalid_input', `${file}, ${place}: not a line of an exported log.`);
    checker.take(line.data);
  }
  const { streams, events, problems } = checker.end();
  if (streams === 0)
    throw new AppError('invalid_input', `${file} holds no stream. Make one with: npx fleet export ORG`);
  for (const { stream, seq, problem } of problems) print(`✗ stream ${stream}, event ${seq}: ${problem}`);
  const counted = `(streams: ${streams}, events: ${events})`;
  print(
    problems.length === 0
      ? `✓ nothing missing, nothing changed ${counted}`
      : `Streams broken: ${problems.length} ${counted}`,
  );
  return problems.length === 0 ? 0 : 1;
}

async function* valuesIn(file: string): AsyncGenerator<{ value: unknown; place: string }> {
  let number = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number += 1;
      if (text.trim() === '') continue;
      const value: unknown = JSON.parse(text);
      if (!Array.isArray(value)) yield { value, place: `line ${number}` };
      else for (const [index, one] of value.entries()) yield { value: one, place: `item ${index + 1}` };
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const what = error instanceof SyntaxError ? `line ${number} is not JSON` : (error as Error).message;
    throw new AppError('invalid_input', `${file} cannot be read: ${what}.`);
  }
}
