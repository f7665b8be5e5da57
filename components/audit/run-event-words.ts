import type { RunEvent, RunEventKind, RunEventPayload } from '../../server/domain/events/run-events.ts';
import { opensInWords } from '../../server/domain/approval/request-words.ts';
import { duration, millis, money, plural, shortHash } from '../ui/format.ts';

const words: { [K in RunEventKind]: (payload: RunEventPayload<K>) => string } = {
  'run.started': ({ agent, role, model }) => `${agent} (${role}) began, with ${model}`,
  'run.forked': ({ turn }) => `Goes on from turn ${turn} of another run`,
  'slice.started': ({ generation, lostCalls }) =>
    `Slice ${generation} began${lostCalls.length > 0 ? `, ${plural(lostCalls.length, 'call')} lost` : ''}`,
  'message.added': ({ source, text }) => `Message of ${source === 'person' ? 'a person' : 'Fleet'}: ${text}`,
  'rules.read': ({ path }) => `House rules of ${path} read`,
  'environment.probed': ({ tools }) => `Installed in the sandbox: ${tools.join(', ')}`,
  'sandbox.opened': ({ image }) => `A sandbox was made of the image ${image}`,
  'model.called': ({ turn, model, reservedMicros }) =>
    `Turn ${turn}: ${model} called, ${money(reservedMicros)} reserved`,
  'model.replied': ({ turn, costMicros, durationMs }) =>
    `Turn ${turn}: reply after ${millis(durationMs)}, ${money(costMicros)}`,
  'model.failed': ({ turn, fault }) => `Turn ${turn}: the model failed (${fault.replaceAll('_', ' ')})`,
  'model.switched': ({ from, to }) => `${from} gave way to ${to}`,
  'action.judged': ({ what, verdict }) => `${what}: ${verdict.verdict}`,
  'policy.changed': ({ version, stricter, looser }) =>
    `Policy version ${version}: ${plural(stricter.length, 'stricter rule')}, ${plural(looser.length, 'looser rule')}`,
  'work.restored': ({ total }) => `${plural(total, 'file')} put back that a command had changed`,
  'tool.intended': ({ tool, verdict }) => `${tool}: ${verdict.verdict}`,
  'tool.finished': ({ tool, outcome, durationMs }) =>
    `${tool}: ${outcome.replace('_', ' ')} after ${millis(durationMs)}`,
  'context.cleared': ({ calls }) => `Results of ${plural(calls.length, 'call')} made room`,
  'summary.rejected': ({ missing }) => `A summary lacked ${missing.join(', ')}`,
  'context.compacted': ({ dropped }) => `${plural(dropped, 'message')} gave way to a summary`,
  'job.started': ({ command }) => `Job started: ${command}`,
  'job.ended': ({ command, exitCode }) => `Job ended${exitCode === null ? '' : ` with ${exitCode}`}: ${command}`,
  'plan.updated': ({ items }) => `Plan of ${plural(items.length, 'step')}`,
  'scope.granted': ({ allows }) => `Opened: ${opensInWords(allows)}`,
  'budget.raised': ({ addMicros, addSeconds }) =>
    `Budget raised by ${[addMicros > 0 ? money(addMicros) : '', addSeconds > 0 ? duration(addSeconds) : ''].filter(Boolean).join(' and ')}`,
  'run.waiting': ({ waits }) => `Waits for ${waits.for}`,
  'run.resumed': ({ reason }) => `Goes on: ${reason}`,
  'commit.recorded': ({ commit, files }) => `Commit ${shortHash(commit)}: ${plural(files, 'file')}`,
  'workspace.snapshotted': ({ turn, commit }) => `Files of turn ${turn} kept as ${shortHash(commit)}`,
  'network.requested': ({ method, host, allowed }) => `${method} ${host}: ${allowed ? 'allowed' : 'refused'}`,
  'run.reported': () => 'The helper answered',
  'run.handed-off': () => 'Handed off',
  'run.ended': ({ outcome, turns, costMicros }) =>
    `Run ended (${outcome.reason.replaceAll('_', ' ')}) after ${plural(turns, 'turn')}, ${money(costMicros)}`,
};

/** A run's event as one line. A kind this page does not know yet is named and nothing more. */
export function runEventWords(kind: string, payload: unknown): string {
  if (!Object.hasOwn(words, kind)) return kind;
  return (words[kind as RunEventKind] as (payload: RunEvent['payload']) => string)(payload as RunEvent['payload']);
}
