'use client';

import { useQuery } from '@tanstack/react-query';
import { can, type Scope } from '../../server/domain/authz/scopes.ts';
import type { OrgView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';

/** The org of this page; the layout has it ready, so it is there at once. */
export function useOrg(org: string): OrgView | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.orgs.get.queryOptions({ org }, { staleTime: 30_000 })).data;
}

/** Whether to offer something; whether it is allowed is decided by the server, by the same table. */
export function useCan(org: string, scope: Scope): boolean {
  const role = useOrg(org)?.role;
  return role !== undefined && can(role, scope);
}
