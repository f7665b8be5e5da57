'use client';

import { Plus } from 'lucide-react';
import { useCan } from '../frame/use-org.ts';
import { ButtonLink } from '../ui/button.tsx';

/** The way to the form, for those who may file tasks. */
export function NewTaskLink({ org }: { org: string }) {
  if (!useCan(org, 'tasks:create')) return null;
  return (
    <ButtonLink look="primary" href={`/${org}/tasks/new`}>
      <Plus aria-hidden className="size-4" />
      New task
    </ButtonLink>
  );
}
