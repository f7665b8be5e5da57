'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import Link from 'next/link';
import type { SmokeView } from '../../server/domain/views/smoke-view.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { millis as span } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Words } from '../ui/words.tsx';

const everyMs = 500;
const patienceMs = 30_000;

type Done = Extract<SmokeView['result'], { tries: unknown }>;

/** What came of a smoke test, as soon as a worker has made it. */
export function SmokeAnswer({ org, smokeId }: { org: string; smokeId: string }) {
  const trpc = useTRPC();
  const { data, error, dataUpdatedAt } = useQuery(
    trpc.policy.smoked.queryOptions(
      { org, smokeId },
      { refetchInterval: ({ state }) => (state.data?.result ? false : everyMs) },
    ),
  );
  if (error) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!data?.result) {
    const late = data !== undefined && dataUpdatedAt - Date.parse(data.askedAt) > patienceMs;
    return (
      <p role="status" className="text-sm text-ink-2">
        {late ? 'No worker has answered yet. It goes on waiting; run it again if none does.' : 'A worker is at it …'}
      </p>
    );
  }
  if ('problem' in data.result) return <Notice look="bad">It could not be made: {data.result.problem}</Notice>;
  return <Tries org={org} agent={data.agent} repo={data.repo} result={data.result} />;
}

function Tries({ org, agent, repo, result }: { org: string; agent: string; repo: string; result: Done }) {
  const { tries, millis, policyVersion, roleVersion, commit } = result;
  const holds = tries.every(({ held }) => held);
  const allowed = tries.some(({ what, verdict }) => what === 'write' && verdict.verdict === 'allow');
  const failed = allowed ? 'The agent may write this file' : 'The policy does not hold';
  return (
    <div role="status" className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-4">
      <p className="flex items-start gap-2 font-medium">
        {holds ? (
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
        ) : (
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        )}
        <span className="min-w-0">
          {holds ? 'The policy holds' : failed}{' '}
          <span className="font-normal text-ink-2 foreign">
            for {agent} in {repo}: policy version {policyVersion}, role version {roleVersion}, commit{' '}
            <span className="font-mono">{commit.slice(0, 10)}</span>, {span(millis)}
          </span>
        </span>
      </p>
      <ul className="flex flex-col gap-3">
        {tries.map((each) => (
          <Try key={each.what} org={org} of={each} />
        ))}
      </ul>
    </div>
  );
}

const words = { allow: 'allowed', ask: 'held for a person', deny: 'denied' } as const;

function Try({ org, of }: { org: string; of: Done['tries'][number] }) {
  const { what, tool, path, verdict, done, there, entry } = of;
  const after =
    what === 'read'
      ? done
        ? 'It was read.'
        : 'It was not read.'
      : there
        ? 'The file was written, in the copy.'
        : 'Nothing was written: the file is not there.';
  return (
    <li className="flex min-w-0 flex-col gap-1 border-t border-line pt-3 text-sm">
      <p className="min-w-0">
        <span className="font-mono break-all">
          {tool} {path}
        </span>{' '}
        was <b className="font-medium">{words[verdict.verdict]}</b> by <span className="font-mono">{verdict.rule}</span>{' '}
        of the {verdict.layer}. {after}
      </p>
      <p className="text-ink-2">
        <Words text={verdict.reason} />
      </p>
      <p>
        <Link href={`/${org}/audit?event=${entry.streamId}/${entry.seq}`} className="text-accent hover:underline">
          Audit entry {entry.seq}
        </Link>
      </p>
    </li>
  );
}
