'use client';

import { useQuery } from '@tanstack/react-query';
import { GitPullRequest } from 'lucide-react';
import { Plusminus } from '../diff/file-diff.tsx';
import { Page } from '../frame/page.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { changeStates } from '../status/status.ts';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { Empty } from '../ui/empty.tsx';
import { plural } from '../ui/format.ts';
import { useHeldLayout } from '../ui/held-order.ts';
import { Queued } from '../ui/queued.tsx';
import { useRowKeys } from '../ui/row-keys.ts';
import { Cell, Row, RowList } from '../ui/row-list.tsx';
import { PageHeader } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';

/** What the fleet proposes and has merged. */
export function ChangeList({ org }: { org: string }) {
  const trpc = useTRPC();
  const changes = useQuery(trpc.changes.list.queryOptions({ org })).data ?? [];
  const held = useHeldLayout({ all: changes.map((change) => change.id) });
  const byId = new Map(changes.map((change) => [change.id, change]));
  useOrgChanges(org);
  useRowKeys();
  return (
    <Page>
      <PageHeader title="Changes" sub="A branch an agent wrote, with the evidence and decisions about it." />
      {changes.length === 0 ? (
        <Empty icon={GitPullRequest} title="There is no change yet">
          A change appears when an agent hands over its first commit. It is merged only with passed tests, a review and
          an approval.
        </Empty>
      ) : (
        <div {...held.hover} className="flex flex-col gap-3 border-t border-line pt-3">
          <Queued moves={held.moves} onApply={held.apply} />
          <RowList label="Changes">
            {(held.layout.all ?? [])
              .flatMap((id) => byId.get(id) ?? [])
              .map((change) => (
                <Row
                  key={change.id}
                  href={`/${org}/changes/${change.id}`}
                  lead={`#${change.number}`}
                  title={change.title}
                  sub={<span className="font-mono">{change.branch}</span>}
                  end={
                    <>
                      <Cell>{change.repo}</Cell>
                      <span className="whitespace-nowrap">{plural(change.files, 'file')}</span>
                      <Plusminus added={change.added} removed={change.removed} />
                      <Ago at={change.updatedAt} />
                      <StateMark state={changeStates[change.status]} />
                    </>
                  }
                />
              ))}
          </RowList>
        </div>
      )}
    </Page>
  );
}
