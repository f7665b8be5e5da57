import { runEvents, type RunEventKind, type RunEventPayload } from '../../server/domain/events/run-events.ts';
import { orgEvents, type OrgEventKind, type OrgEventPayload } from '../../server/domain/events/org-events.ts';
import type { SeenEvent } from './follow-task.ts';

const money = (micros: number) => `$${(micros / 1_000_000).toFixed(4)}`;
const firstLine = (text: string, length = 100) => {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
};
const short = (commit: string) => commit.slice(0, 8);

type RunLines = { [K in RunEventKind]?: (payload: RunEventPayload<K>) => string };
type OrgLines = { [K in OrgEventKind]?: (payload: OrgEventPayload<K>) => string };

function target(input: unknown): string {
  const fields = (input ?? {}) as Record<string, unknown>;
  return firstLine(String(fields['command'] ?? fields['path'] ?? fields['question'] ?? fields['summary'] ?? ''), 80);
}

const runLines: RunLines = {
  'run.started': ({ agent, model, scripted }) => `${agent} starts on ${model}${scripted ? ' (scripted model)' : ''}`,
  'slice.started': ({ generation, lostCalls }) =>
    generation > 1 ? `lease ${generation}${lostCalls.length > 0 ? `, ${lostCalls.length} calls were lost` : ''}` : '',
  'model.replied': ({ turn, content, costMicros }) => {
    const said = content.find((block) => block.type === 'text');
    return `turn ${turn} ${said?.type === 'text' ? `“${firstLine(said.text)}” ` : ''}${money(costMicros)}`;
  },
  'model.failed': ({ fault, message }) => `model: ${fault}: ${firstLine(message)}`,
  'model.switched': ({ from, to, fault }) => `model: ${to} takes over from ${from} (${fault})`,
  'tool.intended': ({ tool, input, verdict }) => `  ${verdict.verdict} ${tool} ${target(input)}`,
  'action.judged': ({ what, verdict }) => `  ${verdict.verdict} ${what}: ${verdict.reason}`,
  'policy.changed': ({ version }) => `policy version ${version} holds by now`,
  'work.restored': ({ total }) => `  ${total} files outside the scope were put back`,
  'tool.finished': ({ tool, outcome, exitCode, durationMs }) =>
    `  ${tool} ${outcome}${exitCode === null ? '' : ` (exit ${exitCode})`} ${durationMs} ms`,
  'context.cleared': ({ calls }) => `made room: ${calls.length} old results cleared`,
  'context.compacted': ({ by }) => `made room: the conversation was summed up by the ${by}`,
  'run.waiting': ({ waits }) => `waits for ${waits.for}`,
  'run.resumed': ({ reason }) => `resumes: ${reason}`,
  'commit.recorded': ({ commit, files, added, removed }) =>
    `commit ${short(commit)}: ${files} files, +${added} −${removed}`,
  'network.requested': ({ method, host, port, allowed, rule }) =>
    `  network ${allowed ? 'allowed' : 'refused'} ${method} ${host}:${port}: ${rule}`,
  'run.ended': ({ outcome, turns, costMicros }) => `ends: ${outcome.reason}, ${turns} turns, ${money(costMicros)}`,
};

const orgLines: OrgLines = {
  'task.created': ({ number, title }) => `task #${number} ${title}`,
  'stage.started': ({ stage, attempt }) => `stage ${stage} ${attempt} starts`,
  'stage.ended': ({ stage, attempt, status, reason }) => `stage ${stage} ${attempt} ${status}: ${reason}`,
  'check.finished': ({ commit, verdict }) => `check of ${short(commit)}: ${verdict}`,
  'review.recorded': ({ commit, verdict, findings }) => `review of ${short(commit)}: ${verdict}, ${findings} findings`,
  'approval.requested': ({ approvalKind, digest }) => `approval asked: ${approvalKind} ${digest.slice(0, 12)}`,
  'approval.decided': ({ verdict, via, selfApproved }) =>
    `${verdict} by ${via}${selfApproved ? ' (self-approved)' : ''}`,
  'change.merged': ({ merged, target: branch }) => `merged ${short(merged)} into ${branch}`,
  'change.merge-refused': ({ reason, detail }) => `merge refused: ${reason}: ${detail}`,
  'pipeline-run.ended': ({ status, reason }) => `pipeline run ${status}: ${reason}`,
};

/** One event as a line, empty for kinds a reader at the terminal does not miss. The payload is parsed, not trusted. */
export function eventLine({ source, event }: SeenEvent): string {
  const time = event.at.slice(11, 23);
  const line = source === 'org' ? lineOf(orgEvents, orgLines, event) : lineOf(runEvents, runLines, event);
  return line === '' ? '' : `${time}  ${source.padEnd(9)}  ${line}`;
}

function lineOf(
  schemas: Record<string, { parse(value: unknown): unknown }>,
  lines: Record<string, unknown>,
  event: SeenEvent['event'],
): string {
  const schema = schemas[event.kind];
  const say = lines[event.kind] as ((payload: unknown) => string) | undefined;
  return schema && say ? say(schema.parse(event.payload)) : '';
}
