'use client';

import { useQuery } from '@tanstack/react-query';
import type { PolicyView } from '../../server/domain/views/policy-views.ts';
import type { RepoView } from '../../server/domain/views/repo-views.ts';
import type { RolesView } from '../../server/domain/views/role-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { Button } from '../ui/button.tsx';
import { Pick } from '../ui/pick.tsx';
import { newestOf, type Choice, type SideChoice } from './choice.ts';

export type Offered = { repos: readonly RepoView[]; roles: RolesView; policy: PolicyView };
type Props = { org: string; offered: Offered; choice: Choice; onChange: (choice: Choice) => void };

/** Where, for which task, and as whom; with a second to compare with. */
export function Choose({ org, offered, choice, onChange }: Props) {
  const { repoId, one, other } = choice;
  const second = () => onChange({ ...choice, other: { ...one, policyVersion: offered.policy.version } });
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="grid min-w-0 gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Pick
          label="Repo"
          value={repoId}
          onPick={(picked) => onChange({ ...choice, repoId: picked, taskId: null })}
          options={offered.repos.map(({ id, name }) => [id, name])}
        />
        <TaskPick {...{ org, offered, choice, onChange }} />
        <SidePick {...{ offered, side: one }} onChange={(side) => onChange({ ...choice, one: side })} />
      </div>
      {other === null ? (
        <div>
          <Button type="button" onClick={second}>
            Compare with another
          </Button>
        </div>
      ) : (
        <fieldset className="grid min-w-0 items-end gap-3 border-t border-line pt-3 sm:grid-cols-2 lg:grid-cols-4">
          <legend className="sr-only">Compared with</legend>
          <SidePick second {...{ offered, side: other }} onChange={(side) => onChange({ ...choice, other: side })} />
          <div>
            <Button type="button" look="quiet" onClick={() => onChange({ ...choice, other: null })}>
              Do not compare
            </Button>
          </div>
        </fieldset>
      )}
    </div>
  );
}

/** Tasks of the repo that are not over: their scope counts, what others have reserved, and a run that is under way. */
function TaskPick({ org, offered, choice, onChange }: Props) {
  const trpc = useTRPC();
  const { data: tasks = [] } = useQuery(trpc.tasks.list.queryOptions({ org }));
  const repo = offered.repos.find(({ id }) => id === choice.repoId)?.name;
  const own = tasks.filter((task) => task.repo === repo);
  return (
    <Pick
      label="Task"
      value={choice.taskId ?? ''}
      onPick={(picked) => onChange({ ...choice, taskId: picked === '' ? null : picked })}
      options={[
        ['', 'any: only the role’s own scope'] as const,
        ...own.map(({ id, number, title }) => [id, `${number} ${title}`] as const),
      ]}
    />
  );
}

type SideProps = { offered: Offered; side: SideChoice; onChange: (side: SideChoice) => void; second?: boolean };

function SidePick({ offered: { roles, policy }, side, onChange, second = false }: SideProps) {
  const versions = roles.roles.find(({ name }) => name === side.role)?.versions ?? [];
  const number = (picked: string) => (picked === '' ? null : Number(picked));
  const which = second ? 'Compared with ' : '';
  return (
    <>
      <Pick
        label={second ? 'Compared with role' : 'Role'}
        value={`${side.role} ${side.roleVersion ?? ''}`}
        onPick={(picked) => {
          const [role = '', version = ''] = picked.split(' ');
          onChange({ ...newestOf(role), roleVersion: number(version), policyVersion: side.policyVersion });
        }}
        options={[
          ...roles.roles.map(({ name, versions: [newest] }) => [`${name} `, newest?.edit.title ?? name] as const),
          ...versions.map(({ version, edit }) => {
            return [`${side.role} ${version}`, `${edit.title}, version ${version}`] as const;
          }),
        ]}
      />
      <Pick
        label={second ? `${which}policy` : 'Policy'}
        value={String(side.policyVersion ?? '')}
        onPick={(picked) => onChange({ ...side, policyVersion: number(picked) })}
        options={[
          ['', `what holds now (version ${policy.version})`] as const,
          ...policy.versions.map(({ version, note }) => {
            return [String(version), `version ${version}${note === '' ? '' : `: ${note}`}`] as const;
          }),
        ]}
      />
    </>
  );
}
