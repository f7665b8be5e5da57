'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentSettings } from '../../server/domain/agents/agent-settings.ts';
import { isNoOlderVersion, loosened } from '../../server/domain/agents/loosened.ts';
import type { AgentView } from '../../server/domain/views/agent-view.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select, TextArea } from '../ui/input.tsx';
import { RepoChoice } from './repo-choice.tsx';

type Form = Omit<AgentSettings, 'maxRuns' | 'secondsLimit'> & { maxRuns: string; minutes: string };
type Fields = { form: Form; set: (change: Partial<Form>) => void };

const formOf = ({ maxRuns, secondsLimit, ...rest }: AgentSettings): Form => ({
  ...rest,
  maxRuns: String(maxRuns),
  minutes: String(secondsLimit / 60),
});

const settingsOf = ({ maxRuns, minutes, ...rest }: Form): AgentSettings => ({
  ...rest,
  maxRuns: Number(maxRuns),
  secondsLimit: Math.round(Number(minutes) * 60),
});

/** Changes what an agent is set to by a next revision, with why. */
export function EditAgent({ org, agent, onSaved }: { org: string; agent: AgentView; onSaved: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: agentId, revision: basedOn, settings } = agent;
  const [form, setForm] = useState(() => formOf(settings));
  const [note, setNote] = useState('');
  const save = useMutation(
    trpc.agents.save.mutationOptions({
      onSuccess: async (saved) => {
        // What waits for somebody else stays open, and says where it waits.
        if ('revision' in saved) onSaved();
        await queryClient.invalidateQueries();
      },
    }),
  );
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  return (
    <form
      aria-label={`Change ${agent.name}`}
      className="flex min-w-0 flex-col gap-4 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ org, agentId, basedOn, note, settings: settingsOf(form) });
      }}
    >
      <Field label="Name">
        {(wiring) => (
          <Input
            {...wiring}
            required
            maxLength={60}
            value={form.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <Places org={org} agent={agent} form={form} set={set} />
      <Instructions form={form} set={set} />
      <Limits form={form} set={set} />
      <Field
        label="What changes and why"
        error={save.error && <span className="whitespace-pre-line">{errorText(save.error)}</span>}
      >
        {(wiring) => (
          <Input {...wiring} required maxLength={300} value={note} onChange={({ target }) => setNote(target.value)} />
        )}
      </Field>
      <Waiting agent={agent} settings={settingsOf(form)} />
      <div>
        <Button type="submit" look="primary" busy={save.isPending} disabled={note.trim() === ''}>
          Save as revision {basedOn + 1}
        </Button>
      </div>
      <PutBeforeOthers org={org} saved={save.data} />
    </form>
  );
}

/** Before it is saved: what of it waits for somebody else, and for whom. */
function Waiting({ agent, settings }: { agent: AgentView; settings: AgentSettings }) {
  if (!agent.approval?.waits) return null;
  const more = loosened(agent.settings, settings, agent.newestRoleVersion);
  if (more.length === 0) return null;
  return (
    <p role="status" className="max-w-[76ch] text-sm text-needs-ink">
      Saved, this waits until {agent.approval.by} has approved it: {more.join('; ')}.
    </p>
  );
}

/** Where it works, and by which version of its role. */
function Places({ org, agent, form, set }: Fields & { org: string; agent: AgentView }) {
  const trpc = useTRPC();
  const roles = useQuery(trpc.roles.list.queryOptions({ org }));
  const { approval, newestRoleVersion: newest, settings } = agent;
  const all = roles.data?.roles.find(({ name }) => name === agent.role)?.versions ?? [];
  const needs = (version: number) =>
    approval !== null && !isNoOlderVersion(version, { newest, kept: settings.roleVersion });
  const versions = approval?.waits === false ? all.filter(({ version }) => !needs(version)) : all;
  const missing = form.roleVersion !== null && !versions.some(({ version }) => version === form.roleVersion);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <RepoChoice
        org={org}
        label="Works in"
        hint="A run of it in another repo ends when it is next taken up."
        value={form.repoId}
        onChange={(repoId) => set({ repoId })}
      />
      <Field label="Version of its role" hint={versionHint(agent)}>
        {(wiring) => (
          <Select
            {...wiring}
            value={form.roleVersion ?? ''}
            onChange={({ target }) => set({ roleVersion: target.value === '' ? null : Number(target.value) })}
          >
            <option value="">the newest, now {agent.newestRoleVersion}</option>
            {missing && <option value={form.roleVersion ?? ''}>version {form.roleVersion}</option>}
            {versions.map(({ version }) => (
              <option key={version} value={version}>
                version {version}
                {needs(version) && `, waits for ${approval?.by}`}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

function versionHint({ approval, role }: AgentView): string {
  const kept = 'Kept at one version, it gets no newer one, a narrower one included.';
  if (approval?.waits !== false) return kept;
  return `${kept} Older ones are not offered: ${approval.by} has to approve versions, so take one up again on the page of the role ${role}.`;
}

function Instructions({ form, set }: Fields) {
  return (
    <Field
      label="Instructions"
      optional
      hint="Told to this agent beside the rules of its role. They widen nothing that it may do."
    >
      {(wiring) => (
        <TextArea
          {...wiring}
          rows={4}
          maxLength={4_000}
          value={form.instructions}
          onChange={({ target }) => set({ instructions: target.value })}
        />
      )}
    </Field>
  );
}

function Limits({ form, set }: Fields) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Runs at once">
        {(wiring) => (
          <Input
            {...wiring}
            required
            type="number"
            min={1}
            max={20}
            value={form.maxRuns}
            onChange={({ target }) => set({ maxRuns: target.value })}
          />
        )}
      </Field>
      <Field label="Minutes of run time a month" hint="A budget of the agent’s own, in the settings, goes first.">
        {(wiring) => (
          <Input
            {...wiring}
            required
            type="number"
            min={1}
            value={form.minutes}
            onChange={({ target }) => set({ minutes: target.value })}
          />
        )}
      </Field>
    </div>
  );
}
