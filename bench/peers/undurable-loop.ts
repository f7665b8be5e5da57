import { spawn } from 'node:child_process';
import type { ModelMessage, ModelReply } from '../../server/domain/ports/model.ts';
import type { Contestant } from '../harness.ts';
import { names } from '../names.ts';
import { readyModel } from '../scripted-turns.ts';

/** An agent loop that keeps nothing and walls nothing: model, then the command on the host, its output handed back. */
export async function open(): Promise<Contestant[]> {
  const block = async (operations: number) => {
    const samples: number[] = [];
    const { signal } = new AbortController();
    const model = readyModel();
    const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'Do it.' }] }];
    for (let turn = 0; turn < operations; turn += 1) {
      const started = performance.now();
      const request = { model: 'scripted', system: '', messages, tools: [], maxTokens: 16_000 };
      const reply = await model.complete(request, { signal });
      messages.push({ role: 'assistant', content: reply.content }, { role: 'user', content: await results(reply) });
      samples.push(performance.now() - started);
    }
    return samples;
  };
  return [{ name: names.loop, block }];
}

async function results({ content }: ModelReply) {
  const answers = [];
  for (const block of content) {
    if (block.type !== 'tool_use') continue;
    const { command } = block.input as { command: string };
    const text = await output(command);
    answers.push({ type: 'tool_result' as const, tool_use_id: block.id, content: text, is_error: false });
  }
  return answers;
}

/** The command is plain words, so that not even a shell stands between. */
function output(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const [file = '', ...args] = command.split(' ');
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
