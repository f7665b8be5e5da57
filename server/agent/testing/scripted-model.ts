import {
  ModelError,
  type ContentBlock,
  type ModelFault,
  type ModelPort,
  type ModelReply,
  type ModelRequest,
  type StopReason,
} from '../../domain/ports/model.ts';

/** One answer of the script: a reply, a failure, or silence until the call is aborted. */
export type Line = ModelReply | ModelError | 'silence';

export type ScriptedModel = ModelPort & { requests: ModelRequest[] };

type Asked = [tool: string, input: unknown];

/** A reply that says something and calls tools; call ids are `<turn id>-<n>`, so they are the same in every replay. */
export function reply(id: string, calls: Asked[], change: Partial<ModelReply> = {}): ModelReply {
  const uses = calls.map(([name, input], index): ContentBlock => {
    return { type: 'tool_use', id: `${id}-${index + 1}`, name, input };
  });
  const stopReason: StopReason = calls.length > 0 ? 'tool_use' : 'end_turn';
  return {
    model: 'scripted',
    content: [{ type: 'text', text: `This is ${id}.` }, ...uses],
    stopReason,
    usage: { input: 200, output: 50, cacheRead: 1000, cacheWrite: 100 },
    ...change,
  };
}

export function failure(fault: ModelFault, retryAfterMs: number | null = null): ModelError {
  return new ModelError(fault, `scripted ${fault}`, retryAfterMs);
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cut = () => reject(new ModelError('interrupted', 'aborted'));
    if (signal.aborted) cut();
    else signal.addEventListener('abort', cut, { once: true });
  });
}

/**
 * A model that plays a script: turn by turn, each turn one line or several that are tried in order. Which turn it is, it
 * reads from the request, so a repeated call gets the same answer. Throws when the script has no line.
 */
export function scriptedModel(turns: (Line | Line[])[]): ScriptedModel {
  const left = turns.map((turn) => (Array.isArray(turn) ? [...turn] : [turn]));
  const requests: ModelRequest[] = [];
  return {
    requests,
    async complete(request, { signal, onText }) {
      requests.push(structuredClone(request));
      const turn = request.messages.filter(({ role }) => role === 'assistant').length;
      const lines = left[turn] ?? [];
      const line = lines.length > 1 ? lines.shift() : lines[0];
      if (line === undefined) throw new Error(`The script has no line for turn ${turn + 1}.`);
      if (line === 'silence') return await untilAborted(signal);
      if (line instanceof ModelError) throw line;
      for (const block of line.content) if (block.type === 'text') onText?.(block.text);
      return structuredClone(line);
    },
  };
}
