'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Pick } from '../ui/pick.tsx';
import { SmokeAnswer } from './smoke-answer.tsx';

type Choice = { repoId: string; agentId: string; path: string };
type Named = { id: string; name: string };

/** Has one allowed read and one denied write of an agent made for real, and shows that the policy held. */
export function SmokeTest({ org }: { org: string }) {
  const trpc = useTRPC();
  const mayTry = useCan(org, 'repos:connect');
  const { data: repos = [] } = useQuery(trpc.repos.list.queryOptions({ org }));
  const { data: agents = [] } = useQuery(trpc.agents.list.queryOptions({ org }));
  const working = agents.filter(({ retiredAt }) => retiredAt === null);
  const [choice, setChoice] = useState<Partial<Choice> & { path: string }>({ path: '' });
  const onChange = (change: Partial<Choice>) => setChoice({ ...choice, ...change });
  const smoke = useMutation(trpc.policy.smoke.mutationOptions());
  const path = choice.path.trim();
  const repoId = choice.repoId ?? repos[0]?.id;
  const agentId = choice.agentId ?? working[0]?.id;
  if (!repoId || !agentId) return <p className="text-ink-2">It takes a repo and an agent.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <p className="max-w-[76ch] text-sm text-ink-2">
        A file that the agent may read is read, and one that it may not write is tried to be written: decided by what
        decides on its runs, with their tools, in a throw-away copy of the default branch. No model is asked. Both stand
        in the audit log.
      </p>
      <form
        className="flex min-w-0 flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          smoke.mutate({ org, repoId, agentId, path: path === '' ? null : path });
        }}
      >
        <Fields {...{ repos, agents: working, choice: { ...choice, repoId, agentId }, onChange }} />
        <div>
          <Button type="submit" busy={smoke.isPending} disabled={!mayTry}>
            Run the smoke test
          </Button>
        </div>
        {!mayTry && <p className="text-sm text-ink-3">Owners, admins and maintainers can run it.</p>}
      </form>
      {smoke.error && <Notice look="bad">{errorText(smoke.error)}</Notice>}
      {smoke.data && <SmokeAnswer key={smoke.data.smokeId} org={org} smokeId={smoke.data.smokeId} />}
    </div>
  );
}

type FieldsProps = {
  repos: readonly Named[];
  agents: readonly Named[];
  choice: Choice;
  onChange: (change: Partial<Choice>) => void;
};

function Fields({ repos, agents, choice, onChange }: FieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Pick
        label="Agent"
        value={choice.agentId}
        options={agents.map(({ id, name }) => [id, name])}
        onPick={(id) => onChange({ agentId: id })}
      />
      <Pick
        label="In the repo"
        value={choice.repoId}
        options={repos.map(({ id, name }) => [id, name])}
        onPick={(id) => onChange({ repoId: id })}
      />
      <Field label="File it writes" optional>
        {(wiring) => (
          <Input
            {...wiring}
            mono
            dir="ltr"
            placeholder="a new file it may not write"
            value={choice.path}
            onChange={({ target }) => onChange({ path: target.value })}
          />
        )}
      </Field>
    </div>
  );
}
