import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { FleetClient } from '../../cli/demo/client.ts';
import { runEvents, type RunEventKind, type RunEventPayload } from '../../server/domain/events/run-events.ts';
import type { EventView } from '../../server/domain/views/views.ts';

type Run = { client: FleetClient; org: string; runId: string };

/** The run's whole log as the API has it, read until nothing more comes of what `lastSeq` counts. */
export async function readLog({ client, org, runId }: Run, isWhole: (events: EventView[]) => boolean) {
  const events: EventView[] = [];
  const ended = Promise.withResolvers<void>();
  const subscription = client.runs.events.subscribe(
    { org, runId },
    {
      onData: ({ data }) => {
        events.push(data);
        if (isWhole(events)) ended.resolve();
      },
      onError: (error) => ended.reject(error),
    },
  );
  await ended.promise.finally(() => subscription.unsubscribe());
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  return events;
}

const flat = (text: string) => text.replaceAll('`', '').replace(/\s+/g, ' ').trim();

/** What a call is about, as its line shows it: the command, the path, the question, the summary. */
function targetOf({ tool, input }: RunEventPayload<'tool.intended'>): string {
  const { command, path, question, summary, decision } = input as Record<string, string | undefined>;
  if (tool === 'decide') return (decision ?? '').replace('_', ' ');
  return flat(command ?? path ?? question ?? summary ?? '');
}

const judged = { allow: 'allowed', ask: 'a person would have to say yes', deny: 'refused' } as const;

const notes: { [K in RunEventKind]?: (payload: RunEventPayload<K>) => string | null } = {
  'message.added': ({ source }) => (source === 'person' ? 'A person told the agent' : 'Fleet told the agent'),
  'run.forked': ({ turn }) => `Goes on from turn ${turn} of the run before`,
  'environment.probed': () => 'Looked at what the sandbox has',
  'rules.read': () => 'Read the house rules of a folder',
  'run.waiting': ({ waits }) => `Waits for ${waits.for}`,
  'run.resumed': () => 'Goes on',
  'commit.recorded': ({ commit }) => `Commit ${commit.slice(0, 10)}`,
  'run.handed-off': () => 'Handed over',
  'slice.started': ({ lostCalls }) => (lostCalls.length > 0 ? 'Picked up again after an interruption' : null),
  'action.judged': ({ what, verdict: { verdict } }) => flat(`${what}: ${judged[verdict]}`),
  'policy.changed': ({ version, repo }) =>
    `Other rules hold by now: version ${version} of the org’s policy${repo === null ? '' : ', and the repo’s own'}`,
  'work.restored': ({ total }) => `${total} ${total === 1 ? 'file' : 'files'} put back that a command had changed`,
  'run.ended': () => 'The run ended',
};

/**
 * The lines that a page with exactly these events shows, in order: every turn with its words, every call with what
 * it answered, every note. Missing, doubled or misplaced events make other lines.
 */
export function linesOf(events: readonly EventView[]): string[] {
  const lines: string[] = [];
  const ended = new Set(events.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? callId(payload) : [])));
  for (const { kind, payload } of events) {
    if (kind === 'model.called') {
      const { turn } = runEvents[kind].parse(payload);
      const heading = `Turn ${turn}`;
      if (!lines.includes(heading)) lines.push(heading);
    } else if (kind === 'model.replied') {
      const said = runEvents[kind].parse(payload).content.find((block) => block.type === 'text');
      lines.push(`says ${flat(said?.type === 'text' ? said.text : '')}`);
    } else if (kind === 'tool.intended') {
      const call = runEvents[kind].parse(payload);
      lines.push(`${ended.has(call.callId) ? 'did' : 'does'} ${targetOf(call)}`);
    } else {
      const note = notes[kind as RunEventKind] as ((payload: unknown) => string | null) | undefined;
      const line = note?.(payload) ?? null;
      if (line !== null) lines.push(line);
    }
  }
  return lines;
}

function callId(payload: unknown): string {
  return runEvents['tool.finished'].parse(payload).callId;
}

/** The same lines, read off the page. */
export async function shownLines(page: Page): Promise<string[]> {
  return page.getByRole('list', { name: 'Transcript' }).evaluate((list) => {
    const flatten = (node: Element | null | undefined) =>
      (node?.textContent ?? '').replaceAll('`', '').replace(/\s+/g, ' ').trim();
    const callLine = (row: Element) =>
      `${/Running/.test(row.textContent ?? '') ? 'does' : 'did'} ${flatten(row.querySelector('.font-mono'))}`;
    return [...list.children].flatMap((item) => {
      const heading = item.querySelector('h2, h3');
      if (!heading)
        return [
          flatten(item.querySelector('p'))
            .replace(/ ?\d\d:\d\d:\d\d$/, '')
            .replace(/(Commit \w+): .*/, '$1'),
        ];
      const said = [...item.querySelectorAll(':scope > p')].map((paragraph) => `says ${flatten(paragraph)}`);
      return [flatten(heading), ...said, ...[...item.querySelectorAll('[data-row]')].map(callLine)];
    });
  });
}
