import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RunEvent } from '../events/run-events.ts';
import { toolClassOf } from '../tools/tool-classes.ts';
import { isStuckNotice } from './notice.ts';

/** One finished call as stuck detection sees it. */
export type Step = {
  tool: string;
  /** Tool and arguments, hashed. */
  call: string;
  /** What it answered, hashed, without what changes by itself: times and the like. */
  result: string;
  failed: boolean;
  /** It took its time or asked a person: whoever waits is not stuck. */
  waited: boolean;
};

/** What a run has done since it last got anywhere; a fold over its log. */
export type Trail = {
  /** The last finished calls, oldest first; begun anew when the agent is told that it is stuck. */
  steps: Step[];
  /** Money and run-time since the last accepted change, in µ$ and ms; waiting counts as nothing. */
  microsSince: number;
  millisSince: number;
  /** Commands that succeeded, with what they answered: the same once more is no change. */
  seen: string[];
  told: boolean;
  /** Calls that are open, by id. */
  open: Record<string, { tool: string; call: string }>;
};

export const emptyTrail: Trail = { steps: [], microsSince: 0, millisSince: 0, seen: [], told: false, open: {} };

const keptSteps = 12;
const keptSeen = 200;
const waitingMillis = 10_000;

const digest = (text: string) => createHash('sha256').update(text).digest('base64').slice(0, 22);

/** Numbers with a unit of time, clock times, hexadecimal addresses: they differ without anything having changed. */
function settled(text: string): string {
  return text
    .replace(/\b\d+(\.\d+)?\s?(ms|s|sec|seconds|minutes)\b/g, '#')
    .replace(/\bduration_ms \d+(\.\d+)?/g, '#')
    .replace(/\b\d{2}:\d{2}(:\d{2}(\.\d+)?)?\b/g, '#')
    .replace(/\b0x[0-9a-f]+\b/g, '#');
}

/** One event further. */
export function extendTrail(trail: Trail, { kind, payload }: RunEvent): Trail {
  switch (kind) {
    case 'tool.intended': {
      const { callId, tool, input } = payload;
      const call = digest(`${tool} ${canonicalize(input ?? null) ?? ''}`);
      return { ...trail, open: { ...trail.open, [callId]: { tool, call } } };
    }
    case 'tool.finished':
      return finished(trail, payload);
    case 'model.replied':
    case 'summary.rejected':
    case 'context.compacted': {
      const { costMicros, durationMs } = payload;
      return {
        ...trail,
        microsSince: trail.microsSince + costMicros,
        millisSince: trail.millisSince + durationMs,
      };
    }
    case 'message.added':
      if (payload.source === 'person') return { ...trail, steps: [], microsSince: 0, millisSince: 0 };
      return isStuckNotice(payload.text) ? { ...trail, told: true, steps: [], microsSince: 0, millisSince: 0 } : trail;
    default:
      return trail;
  }
}

type Finished = Extract<RunEvent, { kind: 'tool.finished' }>['payload'];

function finished(trail: Trail, done: Finished): Trail {
  const { [done.callId]: begun, ...open } = trail.open;
  const { tool } = done;
  // Cut off by us: it says nothing about the agent.
  if (done.outcome === 'lost' || !begun) return { ...trail, open };
  const waited = toolClassOf(tool)?.waits === true || done.durationMs >= waitingMillis;
  const failed = done.outcome !== 'ok' || (done.exitCode !== null && done.exitCode !== 0);
  const step = { tool, call: begun.call, result: digest(settled(done.text)), failed, waited };
  const steps = [...trail.steps, step].slice(-keptSteps);
  if (changed(trail, step)) {
    const seen = [...trail.seen, `${step.call} ${step.result}`].slice(-keptSeen);
    return { ...trail, open, steps, seen, microsSince: 0, millisSince: 0 };
  }
  return { ...trail, open, steps, millisSince: trail.millisSince + (waited ? 0 : done.durationMs) };
}

/** A file written, or a command or server's tool that succeeded with an answer not met before. */
function changed({ seen }: Trail, { tool, call, result, failed }: Step): boolean {
  if (failed) return false;
  const risk = toolClassOf(tool)?.risk;
  if (risk === 'writes_files') return true;
  return (risk === 'runs_commands' || risk === 'calls_server') && !seen.includes(`${call} ${result}`);
}
