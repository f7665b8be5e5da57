import type { Waits } from '../runs/run-state.ts';
import type { GrantAllows } from '../policy/grant.ts';
import type { Granted } from './granted.ts';
import type { RunRequest } from './subject.ts';

const quoted = (entries: readonly string[]) => entries.map((entry) => `\`${entry}\``).join(', ');

/** "change `docs/api.md` and reach `registry.npmjs.org`": what opening these would let a run do. */
export function opensInWords({ paths, hosts, commands, tools = [] }: GrantAllows): string {
  const parts = [
    ...(paths.length > 0 ? [`change ${quoted(paths)}`] : []),
    ...(hosts.length > 0 ? [`reach ${quoted(hosts)}`] : []),
    ...(commands.length > 0 ? [`run ${quoted(commands)}`] : []),
    ...(tools.length > 0 ? [`call ${quoted(tools)}`] : []),
  ];
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** "$2.00 and 15 min of run-time". */
export function amountInWords({ addMicros, addSeconds }: { addMicros: number; addSeconds: number }): string {
  const time = addSeconds % 60 === 0 ? `${addSeconds / 60} min of run-time` : `${addSeconds} s of run-time`;
  const money = `$${(addMicros / 1_000_000).toFixed(2)}`;
  return [...(addMicros > 0 ? [money] : []), ...(addSeconds > 0 ? [time] : [])].join(' and ');
}

type WaitWords = Pick<Waits, 'for' | 'wakes'>;

/** What a run waits for that has put this before people. */
export function waitWords(request: RunRequest): WaitWords {
  const decides = 'a person decides on the approval page';
  switch (request.kind) {
    case 'question':
      return { for: 'an answer to the agent’s question', wakes: 'a person answers on the approval page' };
    case 'scope':
      return { for: `leave to ${opensInWords(request)}`, wakes: decides };
    case 'budget':
      return { for: `${amountInWords(request)} more`, wakes: decides };
    case 'blocker':
      return {
        for: `a blocker to be cleared: ${request.needs}`,
        wakes: 'a person says that it is cleared or that it stays',
      };
  }
}

/** How a request was decided. `words` is what people wrote, which may be nothing. */
export type Decided = { approved: boolean; words: string; granted: Granted | null };

const said = (words: string) => (words === '' ? '' : ` A person says: ${words}`);

function scopeAnswer(asked: GrantAllows, granted: Extract<Granted, { kind: 'scope' }>, words: string): string {
  const left = {
    paths: asked.paths.filter((entry) => !granted.paths.includes(entry)),
    hosts: asked.hosts.filter((entry) => !granted.hosts.includes(entry)),
    commands: asked.commands.filter((entry) => !granted.commands.includes(entry)),
    tools: (asked.tools ?? []).filter((entry) => !granted.tools?.includes(entry)),
  };
  const rest = opensInWords(left);
  const narrowed = rest === '' ? '' : ` Of what you asked, this was not opened as you asked it: ${rest}.`;
  return `Opened for this run: you may now ${opensInWords(granted)}.${narrowed}${said(words)}`;
}

type Answers = { [K in RunRequest['kind']]: (request: Extract<RunRequest, { kind: K }>, decided: Decided) => string };

const answers: Answers = {
  question: (_request, { approved, words }) => (approved ? words || 'Yes.' : `No. ${words}`.trimEnd()),
  blocker: (_request, { approved, words }) =>
    approved
      ? `A person says that the blocker is cleared.${said(words)} Try again.`
      : `A person says that the blocker stays.${said(words)} Finish with what you have and say plainly what is not done.`,
  scope(request, { approved, words, granted }) {
    if (!approved) return `Nothing was opened.${said(words)} Go on without it, and do not pursue it another way.`;
    if (granted?.kind !== 'scope') throw new Error(`the approved request ${request.callId} opens nothing`);
    return scopeAnswer(request, granted, words);
  },
  budget({ callId }, { approved, words, granted }) {
    if (!approved) return `Nothing more was given.${said(words)} Bring what you have to an end within your budget.`;
    if (granted?.kind !== 'budget') throw new Error(`the approved request ${callId} gives nothing`);
    return `Given: ${amountInWords(granted)} more. The limit of this run is that much higher now.${said(words)}`;
  },
};

/** What the agent is told. Throws where an approved request for scope or budget says nothing of what was given. */
export function requestAnswer(request: RunRequest, decided: Decided): string {
  const answer = answers[request.kind] as (request: RunRequest, decided: Decided) => string;
  return answer(request, decided);
}
