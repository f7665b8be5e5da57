'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrgEventView } from '../../server/domain/views/views.ts';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { useHeldLayout } from '../ui/held-order.ts';
import { Queued } from '../ui/queued.tsx';
import { useRowKeys } from '../ui/row-keys.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { EventRow } from './event-row.tsx';
import { ExportLog } from './export-log.tsx';
import { Verify } from './verify.tsx';

const pageSize = 100;

function rowsOf(events: OrgEventView[]) {
  return events.toReversed().map((event) => <EventRow key={event.seq} event={event} />);
}

/** The events before `seq`, a page at a time. */
function Earlier({ org, seq }: { org: string; seq: number }) {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const afterSeq = Math.max(0, seq - 1 - pageSize);
  const input = { org, afterSeq, limit: Math.max(1, seq - 1 - afterSeq) };
  const events = useQuery(trpc.audit.events.queryOptions(input, { enabled: open, staleTime: Infinity })).data;
  if (seq <= 1) return null;
  if (!open) {
    return (
      <li className="py-3">
        <Button onClick={() => setOpen(true)}>Show earlier events</Button>
      </li>
    );
  }
  if (!events) return <li className="py-3 text-sm text-ink-3">Loading…</li>;
  return (
    <>
      {rowsOf(events)}
      <Earlier org={org} seq={afterSeq + 1} />
    </>
  );
}

function Events({ org }: { org: string }) {
  const trpc = useTRPC();
  const latest = useQuery(trpc.audit.events.queryOptions({ org, limit: pageSize })).data ?? [];
  // What is below must join on: the first event that was shown stays the border while newer ones come in above.
  const [border] = useState(latest[0]?.seq ?? 1);
  const rest = useQuery(
    trpc.audit.events.queryOptions({ org, afterSeq: border - 1, limit: 500 }, { initialData: latest, staleTime: 0 }),
  ).data;
  const held = useHeldLayout({ all: rest.map((event) => String(event.seq)) });
  const shown = new Set(held.layout.all);
  return (
    <div {...held.hover} className="flex flex-col gap-3">
      <Queued moves={held.moves} onApply={held.apply} />
      <ol className="-mt-3 flex flex-col divide-y divide-line">
        {rowsOf(rest.filter((event) => shown.has(String(event.seq))))}
        <Earlier org={org} seq={border} />
      </ol>
    </div>
  );
}

/** The org's log, the newest event first, and the proof that nobody changed it. */
export function AuditPage({ org }: { org: string }) {
  useOrgChanges(org);
  useRowKeys();
  return (
    <Page>
      <PageHeader
        title="Audit"
        sub="Every decision of people and platform, each chained to the one before by its hash. Runs have logs of their own; verifying covers them too."
      />
      <Verify org={org} />
      <Section title="Export" aside="An export is itself an event of the log">
        <ExportLog org={org} />
      </Section>
      <Section title="Events of this org">
        <Events org={org} />
      </Section>
    </Page>
  );
}
