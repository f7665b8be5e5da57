'use client';

import { useQuery } from '@tanstack/react-query';
import { Building2, Check, ChevronsUpDown, Plus } from 'lucide-react';
import Link from 'next/link';
import { useTRPC } from '../trpc/context.ts';
import { Menu, MenuItem, MenuRule } from '../ui/menu.tsx';

/** The org one works in, and the way to another. */
export function OrgSwitcher({ org, name }: { org: string; name: string }) {
  const trpc = useTRPC();
  const orgs = useQuery(trpc.orgs.list.queryOptions(undefined, { staleTime: 60_000 })).data ?? [];
  const trigger = (
    <button
      type="button"
      title={name}
      className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 font-semibold hover:bg-hover max-lg:justify-center"
    >
      <Building2 aria-hidden className="size-4 shrink-0 text-ink-2" />
      <span className="truncate max-lg:sr-only">{name}</span>
      <ChevronsUpDown aria-hidden className="ml-auto size-4 shrink-0 text-ink-3 max-lg:hidden" />
    </button>
  );
  return (
    <Menu trigger={trigger} align="start">
      {orgs.map((each) => (
        <MenuItem key={each.id} asChild>
          <Link href={`/${each.slug}`}>
            <Check aria-hidden className={each.slug === org ? 'size-4 shrink-0' : 'invisible size-4 shrink-0'} />
            <span className="truncate">{each.name}</span>
          </Link>
        </MenuItem>
      ))}
      <MenuRule />
      <MenuItem asChild>
        <Link href="/welcome?new=1">
          <Plus aria-hidden className="size-4" />
          New org
        </Link>
      </MenuItem>
    </Menu>
  );
}
