'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { writeScopeInWords } from '../../server/domain/scope/write-scope.ts';
import type { RoleView } from '../../server/domain/views/role-views.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { VersionList } from '../policy/version-list.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { limit, money } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts, Section } from '../ui/section.tsx';
import { Words } from '../ui/words.tsx';
import { AddRole } from './add-role.tsx';
import { CompareRole } from './compare-role.tsx';
import { EditRole } from './edit-role.tsx';

type Props = { org: string; role: RoleView; mayChange: boolean };
type Shown = 'nothing' | 'edit' | 'versions' | 'compare';

function Versions({ org, role, mayChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const restore = useMutation(trpc.roles.save.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  const { name, versions } = role;
  const basedOn = versions[0]!.version;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <PutBeforeOthers org={org} saved={restore.data} />
      {restore.error && <Notice look="bad">{errorText(restore.error)}</Notice>}
      <VersionList
        versions={versions}
        of={name}
        mayChange={mayChange}
        restoring={restore.isPending ? restore.variables.restored : null}
        onRestore={({ version: restored }) =>
          restore.mutate({ org, role: name, basedOn, note: `Back to version ${restored}`, restored })
        }
      />
    </div>
  );
}

/** One role: what holds, who is hired into it, and how it came to be so. */
export function Role({ org, role, others, mayChange }: Props & { others: readonly RoleView[] }) {
  const [shown, setShown] = useState<Shown>('nothing');
  const { edit, version } = role.versions[0]!;
  const toggle = (what: Shown) => setShown(shown === what ? 'nothing' : what);
  return (
    <Section
      title={edit.title}
      className="pt-4"
      aside={
        <>
          <span className="font-mono">{role.name}</span>, version {version}
        </>
      }
    >
      <p className="max-w-[76ch] foreign">{edit.purpose}</p>
      <ol className="ml-5 flex max-w-[76ch] list-decimal flex-col gap-1 text-sm text-ink-2 foreign">
        {edit.rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ol>
      <RoleFacts role={role} />
      <Buttons {...{ org, role, mayChange, shown, toggle }} />
      {shown === 'edit' && <EditRole key={version} org={org} role={role} onSaved={() => setShown('nothing')} />}
      {shown === 'versions' && <Versions {...{ org, role, mayChange }} />}
      {shown === 'compare' && <CompareRole {...{ org, role, others }} />}
    </Section>
  );
}

function RoleFacts({ role }: { role: RoleView }) {
  const { edit } = role.versions[0]!;
  const hosts = [...edit.network.registries, ...edit.network.rules.map(({ host }) => host)];
  return (
    <Facts>
      <Fact name="Writes">
        <Words text={writeScopeInWords(edit.write)} />
      </Fact>
      <Fact name="Reaches">{hosts.length === 0 ? 'nothing' : hosts.join(', ')}</Fact>
      <Fact name="A run may use">
        {money(edit.costLimitMicros)} and {limit(edit.secondsLimit)}, on a {edit.tier} model
      </Fact>
      <Fact name="Agents">
        {role.agents.length === 0
          ? 'none'
          : role.agents.map(({ name, retired }) => (retired ? `${name} (retired)` : name)).join(', ')}
      </Fact>
    </Facts>
  );
}

function Buttons({ org, role, mayChange, shown, toggle }: Props & { shown: Shown; toggle: (what: Shown) => void }) {
  const { edit } = role.versions[0]!;
  return (
    <div className="flex flex-wrap gap-2">
      {mayChange && (
        <Button aria-label={`Change ${edit.title}`} aria-expanded={shown === 'edit'} onClick={() => toggle('edit')}>
          Change
        </Button>
      )}
      <Button
        look="quiet"
        aria-label={`Versions of ${edit.title}`}
        aria-expanded={shown === 'versions'}
        onClick={() => toggle('versions')}
      >
        Versions
      </Button>
      <Button
        look="quiet"
        aria-label={`Compare ${edit.title}`}
        aria-expanded={shown === 'compare'}
        onClick={() => toggle('compare')}
      >
        Compare
      </Button>
      <ButtonLink
        look="quiet"
        aria-label={`What it may do: ${edit.title}`}
        href={`/${org}/agents/access?role=${encodeURIComponent(role.name)}`}
      >
        What it may do
      </ButtonLink>
      {mayChange && (
        <AddRole org={org} from={{ kind: 'role', name: role.name }} title={edit.title} suggested={`${role.name}-2`} />
      )}
    </div>
  );
}
