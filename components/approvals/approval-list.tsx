'use client';

import { useQuery } from '@tanstack/react-query';
import { Hand } from 'lucide-react';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { Page } from '../frame/page.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { approvalStates } from '../status/status.ts';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { Empty } from '../ui/empty.tsx';
import { useHeldLayout } from '../ui/held-order.ts';
import { Queued } from '../ui/queued.tsx';
import { useRowKeys } from '../ui/row-keys.ts';
import { Cell, Row, RowList } from '../ui/row-list.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { kindTitles } from './approval-words.ts';
import { Words } from '../ui/words.tsx';

function ApprovalRow({ org, approval }: { org: string; approval: ApprovalView }) {
  const pending = approval.status === 'pending';
  return (
    <Row
      href={`/${org}/approvals/${approval.id}`}
      lead={approval.taskNumber === null ? '' : `#${approval.taskNumber}`}
      title={<Words text={approval.consent} />}
      sub={approval.subject.kind === 'definition' ? approval.subject.note : approval.taskTitle}
      end={
        <>
          <Cell>{kindTitles[approval.kind]}</Cell>
          <span className="whitespace-nowrap">
            {pending ? (
              <>
                expires <Ago at={approval.expiresAt} />
              </>
            ) : (
              <Ago at={approval.decidedAt ?? approval.createdAt} />
            )}
          </span>
          <StateMark state={approvalStates[approval.status]} />
        </>
      }
    />
  );
}

/** What waits for a person, then what was decided. */
export function ApprovalList({ org }: { org: string }) {
  const trpc = useTRPC();
  const approvals = useQuery(trpc.approvals.list.queryOptions({ org })).data ?? [];
  const ids = (pending: boolean) =>
    approvals.filter((each) => (each.status === 'pending') === pending).map((each) => each.id);
  const held = useHeldLayout({ pending: ids(true), decided: ids(false) });
  const byId = new Map(approvals.map((approval) => [approval.id, approval]));
  const rows = (place: string) =>
    (held.layout[place] ?? [])
      .flatMap((id) => byId.get(id) ?? [])
      .map((each) => <ApprovalRow key={each.id} org={org} approval={each} />);
  useOrgChanges(org);
  useRowKeys();
  return (
    <Page>
      <PageHeader
        title="Approvals"
        sub="Merges, questions, requests, escalations and versions of the policy that a person decides."
      />
      <div {...held.hover} className="flex flex-col gap-10">
        <Queued moves={held.moves} onApply={held.apply} />
        {rows('pending').length === 0 ? (
          <Empty icon={Hand} title="Nothing waits for you">
            When an agent asks something, or a change is ready to be merged, it stands here with the facts to decide it.
          </Empty>
        ) : (
          <Section title="Waiting for a decision">
            <RowList label="Waiting for a decision">{rows('pending')}</RowList>
          </Section>
        )}
        {rows('decided').length > 0 && (
          <Section title="Decided">
            <RowList label="Decided">{rows('decided')}</RowList>
          </Section>
        )}
      </div>
    </Page>
  );
}
