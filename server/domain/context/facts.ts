import type { RunEventPayload } from '../events/run-events.ts';
import { toolClassOf } from '../tools/tool-classes.ts';
import type { Call, Facts } from '../transcript/transcript.ts';

const mostFailing = 10;
const mostSaidOfFailure = 600;

function field(call: Call | undefined, name: string): string | null {
  const value = (call?.input as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : null;
}

/** One finished call further. */
export function extendFacts(facts: Facts, call: Call | undefined, done: RunEventPayload<'tool.finished'>): Facts {
  const { tool, callId, outcome, text, blobId } = done;
  const outputs = blobId === null ? facts.outputs : { ...facts.outputs, [callId]: blobId };
  const path = toolClassOf(tool)?.risk === 'writes_files' && outcome === 'ok' ? field(call, 'path') : null;
  const written = path === null || facts.written.includes(path) ? facts.written : [...facts.written, path];
  const command = tool === 'shell' ? field(call, 'command') : null;
  if (command === null) return { ...facts, written, outputs };
  const others = facts.failing.filter((each) => each.command !== command);
  const failing = outcome === 'ok' ? others : [...others, { command, text: text.slice(-mostSaidOfFailure) }];
  return { written, outputs, failing: failing.slice(-mostFailing) };
}
