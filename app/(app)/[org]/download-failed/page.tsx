import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { DownloadFailed } from '../../../../components/audit/download-failed.tsx';
import { downloadNote } from '../../../../server/api/download-note.ts';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Download' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const message = (await cookies()).get(downloadNote)?.value ?? 'Ask for the file again from its page.';
  return prepared(
    `/${org}`,
    (trpc, load) => [load(trpc.orgs.get.queryOptions({ org }))],
    <DownloadFailed message={message} />,
  );
}
