import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The first line of what is piped in; at a terminal it is asked for and not shown. */
export async function readKey(input: NodeJS.ReadStream, ask: (words: string) => void): Promise<string> {
  const terminal = input.isTTY === true;
  if (terminal) ask('API key (it is not shown): ');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal });
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
    if (terminal) ask('\n');
  }
}
