import { TRPCError } from '@trpc/server';
import { redirect } from 'next/navigation';
import { serverCalls } from './prepared.tsx';

/** Where a person belongs: sign-in, what is left of setting up, or the board. */
async function whereTo(): Promise<string> {
  const { queryClient, trpc } = serverCalls();
  try {
    const { orgs } = await queryClient.fetchQuery(trpc.me.get.queryOptions());
    const slug = orgs[0]?.slug;
    if (!slug) return '/welcome';
    const repos = await queryClient.fetchQuery(trpc.repos.list.queryOptions({ org: slug }));
    const starters = await queryClient.fetchQuery(trpc.starters.get.queryOptions({ org: slug }));
    return repos.length > 0 && starters.hired ? `/${slug}` : `/welcome?org=${slug}`;
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'UNAUTHORIZED') return '/sign-in';
    throw error;
  }
}

export default async function Page() {
  redirect(await whereTo());
}
