import type { Metadata } from 'next';
import { RunPage } from '../../../../../components/runs/run-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Run' };

export default async function Page({ params }: { params: Promise<{ org: string; runId: string }> }) {
  const { org, runId } = await params;
  return prepared(
    `/${org}/runs/${runId}`,
    (trpc, load) => [load(trpc.runs.get.queryOptions({ org, runId }))],
    <RunPage org={org} runId={runId} />,
  );
}
