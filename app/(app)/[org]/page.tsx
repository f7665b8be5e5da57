import type { Metadata } from 'next';
import { Board } from '../../../components/board/board.tsx';
import { prepared } from '../../prepared.tsx';

export const metadata: Metadata = { title: 'Board' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(`/${org}`, (trpc, load) => [load(trpc.board.get.queryOptions({ org }))], <Board org={org} />);
}
