import { dehydrate, HydrationBoundary, type FetchQueryOptions, type QueryKey } from '@tanstack/react-query';
import { TRPCError } from '@trpc/server';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache, type ReactNode } from 'react';
import { makeServerQueryClient } from '../components/trpc/query-client.ts';
import { SsoGate, type Gate } from '../components/sign-in/sso-gate.tsx';
import { Forbidden } from '../components/ui/forbidden.tsx';
import { contextOf } from '../server/api/context.ts';
import { openWeb } from '../server/api/open-web.ts';
import { appRouter } from '../server/api/root.ts';
import type { AppError } from '../server/domain/errors.ts';

const requestContext = cache(async () => contextOf(openWeb(), await headers()));

/** The procedures as this request's person may call them, sharing one cache for the request. */
export const serverCalls = cache(() => {
  const queryClient = makeServerQueryClient();
  return { queryClient, trpc: createTRPCOptionsProxy({ router: appRouter, ctx: requestContext, queryClient }) };
});

export type Trpc = ReturnType<typeof serverCalls>['trpc'];
type Load = <T, E, D, K extends QueryKey>(options: FetchQueryOptions<T, E, D, K>) => Promise<D>;

/**
 * Renders `content` with its first answers in hand. Not signed in leads to the sign-in page and back to `here`; a layout
 * does not know its address and hands over what leads there instead, the page inside it. Not found and forbidden have
 * pages of their own; every right is checked by the procedures.
 */
export async function prepared(
  here: string | { signedOut: ReactNode },
  queries: (trpc: Trpc, load: Load) => Promise<unknown>[],
  content: ReactNode,
): Promise<ReactNode> {
  const { queryClient, trpc } = serverCalls();
  try {
    await Promise.all(queries(trpc, (options) => queryClient.fetchQuery(options)));
  } catch (error) {
    const code = error instanceof TRPCError ? error.code : null;
    if (typeof here === 'string') return refused(error, here);
    return code === 'UNAUTHORIZED' ? here.signedOut : refused(error, '/');
  }
  return <HydrationBoundary state={dehydrate(queryClient)}>{content}</HydrationBoundary>;
}

function refused(error: unknown, here: string): ReactNode {
  const code = error instanceof TRPCError ? error.code : null;
  if (code === 'UNAUTHORIZED') redirect(`/sign-in?callbackUrl=${encodeURIComponent(here)}`);
  if (code === 'NOT_FOUND' || code === 'BAD_REQUEST') notFound();
  const { code: why, detail } = ((error as TRPCError).cause ?? {}) as Partial<AppError>;
  if (why === 'sso_required') return <SsoGate {...(detail as Gate)} />;
  if (code === 'FORBIDDEN') return <Forbidden message={(error as TRPCError).message} />;
  throw error;
}
