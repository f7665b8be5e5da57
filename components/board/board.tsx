'use client';

import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Rocket } from 'lucide-react';
import type { BoardCardView, BoardColumn } from '../../server/domain/views/views.ts';
import { BudgetAlerts } from '../budgets/budget-alerts.tsx';
import { Page } from '../frame/page.tsx';
import { NewTaskLink } from '../tasks/new-task-link.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useHeldLayout } from '../ui/held-order.ts';
import { ToneIcon } from '../ui/mark.tsx';
import { Queued } from '../ui/queued.tsx';
import { useRowKeys } from '../ui/row-keys.ts';
import { PageHeader } from '../ui/section.tsx';
import { Card } from './card.tsx';
import { boardLayout, columns } from './columns.ts';

type ColumnProps = { org: string; id: BoardColumn; cards: BoardCardView[] };

function Column({ org, id, cards }: ColumnProps) {
  const { title, tone, empty } = columns.find((column) => column.id === id)!;
  return (
    <section
      aria-labelledby={`column-${id}`}
      className={clsx('flex min-w-0 flex-col gap-3', cards.length === 0 && id === 'quarantined' && 'max-sm:hidden')}
    >
      <h2 id={`column-${id}`} className="flex items-center gap-2 border-b border-line pb-2 font-semibold">
        <ToneIcon tone={tone} className="animate-none!" />
        {title}
        <span className="figures ml-auto font-normal text-ink-3">{cards.length}</span>
      </h2>
      {cards.length === 0 ? (
        <p className="text-sm text-ink-3">{empty}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {cards.map((card) => (
            <Card key={card.pipelineRunId} org={org} card={card} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FirstTask({ org }: { org: string }) {
  return (
    <Empty
      icon={Rocket}
      title="No task has been filed yet"
      action={
        <ButtonLink look="primary" href={`/${org}/tasks/new?suggest=1`}>
          File the first task
        </ButtonLink>
      }
    >
      A task goes through build, check, review and your approval before anything is merged. You can watch each step
      here.
    </Empty>
  );
}

function Columns({ org, cards }: { org: string; cards: BoardCardView[] }) {
  const held = useHeldLayout(boardLayout(cards));
  const byId = new Map(cards.map((card) => [card.pipelineRunId, card]));
  return (
    <>
      <div className="pointer-events-none sticky top-14 z-10 -my-3 flex h-0 justify-center">
        <div className="pointer-events-auto">
          <Queued moves={held.moves} onApply={held.apply} />
        </div>
      </div>
      <div
        {...held.hover}
        className="grid gap-x-5 gap-y-8 sm:grid-cols-2 xl:grid-cols-[1.5fr_1.2fr_1.15fr_0.8fr_1.2fr]"
      >
        {columns.map(({ id }) => (
          <Column key={id} org={org} id={id} cards={(held.layout[id] ?? []).flatMap((each) => byId.get(each) ?? [])} />
        ))}
      </div>
    </>
  );
}

/** Everything under way in the org, by what it waits for. */
export function Board({ org }: { org: string }) {
  const trpc = useTRPC();
  const board = useQuery(trpc.board.get.queryOptions({ org })).data;
  useOrgChanges(org);
  useRowKeys();
  const cards = board?.cards ?? [];
  if (board && cards.length === 0) {
    return (
      <Page>
        <PageHeader title="Board" />
        <FirstTask org={org} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title="Board" actions={<NewTaskLink org={org} />} />
      <BudgetAlerts org={org} />
      <Columns org={org} cards={cards} />
    </Page>
  );
}
