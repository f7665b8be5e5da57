import {
  Box,
  CirclePause,
  CirclePlay,
  Eraser,
  Flag,
  Gauge,
  Gavel,
  GitCommitHorizontal,
  Globe,
  KeyRound,
  MessageSquare,
  PackageCheck,
  ScrollText,
  ShieldX,
  Shuffle,
  SquareX,
  Shrink,
  Split,
  Undo2,
  Unplug,
  type LucideIcon,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { ContextAccount } from '../../server/domain/context/account.ts';
import { Code, Revealed } from '../ui/code.tsx';
import { duration, money, plural, short, shortHash } from '../ui/format.ts';
import { ClockTime } from '../ui/time.tsx';
import { amountInWords, opensInWords } from '../../server/domain/approval/request-words.ts';
import { Words } from '../ui/words.tsx';
import { HandoffWords } from './handoff-words.tsx';
import { placeProps, type Place } from './place.ts';
import type { NoteEvent, NoteItem } from './timeline.ts';

type Shown = { icon: LucideIcon; title: string; body: ReactNode };
type Of<K extends NoteEvent['kind']> = Extract<NoteEvent, { kind: K }>['payload'];

const total = (account: ContextAccount) => Object.values(account).reduce((sum, tokens) => sum + tokens, 0);

const judged = { allow: 'allowed', ask: 'a person would have to say yes', deny: 'refused' };

function RuleList({ title, rules }: { title: string; rules: readonly string[] }) {
  if (rules.length === 0) return null;
  return (
    <>
      <p>{title}:</p>
      <ul className="list-disc pl-4">
        {rules.map((rule) => (
          <li key={rule}>
            <Revealed text={rule} />
          </li>
        ))}
      </ul>
    </>
  );
}

const kinds: { [K in NoteEvent['kind']]: (payload: Of<K>) => Shown } = {
  'message.added': ({ source, text }) => ({
    icon: MessageSquare,
    title: source === 'person' ? 'A person told the agent' : 'Fleet told the agent',
    body: <span className="whitespace-pre-wrap">{text}</span>,
  }),
  'model.switched': ({ from, to, failures, fault }) => ({
    icon: Shuffle,
    title: `${to} took over`,
    body: `${plural(failures, 'call')} of ${from} in a row failed (${fault.replaceAll('_', ' ')}). The fallback answers for the rest of this run.`,
  }),
  'run.forked': ({ turn, costLimitMicros, secondsLimit }) => ({
    icon: Split,
    title: `Goes on from turn ${turn} of the run before`,
    body: `The agent has that run’s conversation and work tree as they were after turn ${turn}, and ${duration(secondsLimit)} and ${money(costLimitMicros)} of its own.`,
  }),
  'context.cleared': ({ calls, before }) => ({
    icon: Eraser,
    title: 'Made room in the context',
    body: `${plural(calls.length, 'old tool result')} ${calls.length === 1 ? 'was' : 'were'} taken out of about ${short(total(before))} tokens. The whole of them stays in this log.`,
  }),
  'context.compacted': ({ by, before, text, costMicros }) => ({
    icon: Shrink,
    title: `Summed up ${short(total(before))} tokens of conversation`,
    body: (
      <details>
        <summary className="cursor-pointer">
          {by === 'model' ? `In the agent’s own words, for ${money(costMicros)}.` : 'From what Fleet itself recorded.'}{' '}
          The task and the last turn stay as they were.
        </summary>
        <p className="mt-1 whitespace-pre-wrap">
          <Revealed text={text} />
        </p>
      </details>
    ),
  }),
  'summary.rejected': ({ missing, costMicros }) => ({
    icon: Shrink,
    title: 'Asked again for a summary',
    body: `The first said nothing under ${missing.join(', ')}. It cost ${money(costMicros)}.`,
  }),
  'rules.read': ({ path, text }) => ({
    icon: ScrollText,
    title: 'Read the house rules of a folder',
    body: (
      <details>
        <summary className="cursor-pointer font-mono text-xs">{path}</summary>
        <p className="mt-1 whitespace-pre-wrap">
          <Revealed text={text} />
        </p>
      </details>
    ),
  }),
  'environment.probed': ({ tools }) => ({
    icon: Box,
    title: 'Looked at what the sandbox has',
    body: <span className="font-mono text-xs">{tools.join(', ') || 'It did not say.'}</span>,
  }),
  'action.judged': ({ what, verdict: { verdict, rule, reason } }) => ({
    icon: Gavel,
    title: `${what}: ${judged[verdict]}`,
    body: `Rule ${rule}: ${reason}`,
  }),
  'policy.changed': ({ version, repo, classes, role, stricter, looser }) => ({
    icon: Gavel,
    title: `Other rules hold by now: version ${version} of the org’s policy${repo === null ? '' : ', and the repo’s own'}${classes ? ', with what people added to classes of paths here' : ''}${role ? ', and another version of its role' : ''}`,
    body: (
      <>
        <RuleList title="Holds for this run from here on" rules={stricter} />
        <RuleList title="Only for runs that begin later" rules={looser} />
      </>
    ),
  }),
  'work.restored': ({ files, total }) => ({
    icon: Undo2,
    title: `${plural(total, 'file')} put back that a command had changed`,
    body: (
      <ul className="list-disc pl-4">
        {files.map(({ path, verdict: { rule, reason } }) => (
          <li key={path}>
            <code className="font-mono text-xs">
              <Revealed text={path} />
            </code>{' '}
            Rule {rule}: {reason}
          </li>
        ))}
        {total > files.length && <li>and {total - files.length} more</li>}
      </ul>
    ),
  }),
  'run.waiting': ({ waits }) => ({
    icon: CirclePause,
    title: `Waits for ${waits.for}`,
    body: `Goes on when ${waits.wakes}. The clock stands still.`,
  }),
  'job.ended': ({ jobId, command, by, exitCode, said }) => ({
    icon: SquareX,
    title: by === 'sandbox' ? `${jobId} ended with its sandbox` : `${jobId} ended, exit code ${exitCode ?? 'none'}`,
    body: (
      <>
        <code className="font-mono text-xs">
          <Revealed text={command} />
        </code>
        {said !== '' && <Code label={`The end of what ${jobId} printed`} text={said} />}
      </>
    ),
  }),
  'scope.granted': ({ allows }) => ({
    icon: KeyRound,
    title: 'A person opened more for this run',
    body: <Words text={`It may now ${opensInWords(allows)}.`} />,
  }),
  'budget.raised': (raised) => ({
    icon: Gauge,
    title: `A person gave ${amountInWords(raised)} more`,
    body: null,
  }),
  'run.resumed': ({ reason }) => ({ icon: CirclePlay, title: 'Goes on', body: reason }),
  'commit.recorded': (commit) => ({
    icon: GitCommitHorizontal,
    title: `Commit ${shortHash(commit.commit)}: ${plural(commit.files, 'file')}, +${commit.added} −${commit.removed}`,
    body: commit.leftOut.length > 0 && `Left out, because the run may not write there: ${commit.leftOut.join(', ')}`,
  }),
  'network.requested': ({ method, host, port, path, allowed, rule, injected }) => ({
    icon: allowed ? Globe : ShieldX,
    title: `${allowed ? 'Reached' : 'Refused'} ${method} ${host}:${port}${path ?? ''}`,
    body: injected.length === 0 ? rule : `${rule}, with the secret ${injected.join(', ')}`,
  }),
  'run.handed-off': ({ body }) => ({ icon: PackageCheck, title: 'Handed over', body: <HandoffWords body={body} /> }),
  'slice.started': ({ lostCalls }) => ({
    icon: Unplug,
    title: 'Picked up again after an interruption',
    body: `${plural(lostCalls.length, 'tool call was', 'tool calls were')} under way and may or may not have run; the agent was told.`,
  }),
  'run.ended': (ended) => ({
    icon: Flag,
    title: 'The run ended',
    body: (
      <>
        <p>{ended.outcome.detail}</p>
        <p className="text-ink-3">
          {plural(ended.turns, 'turn')}, {plural(ended.toolCalls, 'tool call')}, {duration(ended.millisUsed / 1000)},{' '}
          {money(ended.costMicros)}
        </p>
      </>
    ),
  }),
};

function wordsOf(event: NoteEvent): Shown {
  return (kinds[event.kind] as (payload: NoteEvent['payload']) => Shown)(event.payload);
}

/** Something that happened to the run between its turns. */
export const Note = memo(function Note({ item, ...place }: { item: NoteItem } & Place) {
  const { icon: Icon, title, body } = wordsOf(item.event);
  return (
    <li
      {...placeProps(item.seq, place)}
      className="flex min-w-0 gap-2.5 border-l-2 border-l-line-strong py-2 pl-3 text-sm aria-[current]:bg-accent-soft"
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3 font-medium foreign">
          {title}
          <ClockTime at={item.at} className="text-xs font-normal text-ink-3" />
        </p>
        {body && <div className="max-w-[76ch] text-ink-2 foreign">{body}</div>}
      </div>
    </li>
  );
});
