import type { ReactNode } from 'react';
import { Frame } from '../../../components/frame/frame.tsx';
import { prepared } from '../../prepared.tsx';

type Props = { children: ReactNode; params: Promise<{ org: string }> };

export default async function Layout({ children, params }: Props) {
  const { org } = await params;
  return prepared(
    { signedOut: children },
    (trpc, load) => [
      load(trpc.me.get.queryOptions()),
      load(trpc.orgs.get.queryOptions({ org })),
      load(trpc.board.get.queryOptions({ org })),
    ],
    <Frame org={org}>{children}</Frame>,
  );
}
