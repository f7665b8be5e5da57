'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { dayOf } from '../../server/domain/orgs/org-deletion.ts';
import { useOrg } from './use-org.ts';

/** Says to everybody in an org that it is about to be deleted, when, and who asked for it. */
export function GoingNote({ org }: { org: string }) {
  const view = useOrg(org);
  if (!view?.deletion) return null;
  const { by, dueAt, held } = view.deletion;
  return (
    <p
      role="status"
      className="flex items-start gap-2 border-b border-bad/40 bg-bad-soft px-4 py-2 text-sm text-ink md:px-6"
    >
      <Trash2 aria-hidden className="mt-[3px] size-4 shrink-0 text-bad" />
      <span className="min-w-0 foreign">
        This org is deleted on {dayOf(new Date(dueAt))}: {by} asked for it. Nothing new starts until then.{' '}
        {held && 'A legal hold keeps it until it is lifted. '}
        <Link href={`/${org}/settings/danger`} className="text-accent underline underline-offset-2">
          {view.role === 'owner' ? 'Undo it, or take its log along' : 'See what that means'}
        </Link>
      </span>
    </p>
  );
}
