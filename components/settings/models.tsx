'use client';

import { useQuery } from '@tanstack/react-query';
import type { ModelsView } from '../../server/domain/views/model-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { Notice } from '../ui/notice.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { ModelChoices } from './model-choices.tsx';
import { ModelConnections } from './model-connections.tsx';
import { ModelPrices } from './model-prices.tsx';

type Part = { org: string; view: ModelsView; mayChange: boolean };

function Parts(part: Part) {
  return (
    <div className="flex flex-col gap-6">
      <ModelConnections {...part} />
      {part.view.options.length > 0 && <ModelChoices {...part} />}
      {part.view.options.length > 0 && <ModelPrices {...part} />}
    </div>
  );
}

/** The providers an org has connected, which model answers for what, and what each costs. */
export function Models({ org, mayChange }: Omit<Part, 'view'>) {
  const trpc = useTRPC();
  const { data: view, error } = useQuery(trpc.settings.models.queryOptions({ org }));
  if (error) return <Notice look="bad">The models cannot be shown now: {error.message}</Notice>;
  if (!view) return <Bone className="h-32" />;
  return <Parts org={org} view={view} mayChange={mayChange} />;
}
