'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useCrumb } from './crumb.tsx';
import { HealthStrip } from './health-strip.tsx';
import { PersonMenu } from './person-menu.tsx';
import { placeHref, placeOf } from './places.ts';
import { ScriptedBadge } from './scripted-badge.tsx';

function Breadcrumb({ org, name }: { org: string; name: string }) {
  const place = placeOf(org, usePathname());
  const crumb = useCrumb();
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm text-ink-2">
        <li className="max-w-40 truncate max-md:hidden">
          <Link href={`/${org}`} className="hover:text-ink">
            {name}
          </Link>
        </li>
        <li aria-hidden className="text-ink-3 max-md:hidden">
          /
        </li>
        <li className={crumb ? 'shrink-0 max-md:hidden' : 'truncate font-medium text-ink'}>
          <Link href={placeHref(org, place?.segment ?? '')} aria-current={crumb ? undefined : 'page'}>
            {place?.label ?? 'Not found'}
          </Link>
        </li>
        {crumb && (
          <>
            <li aria-hidden className="text-ink-3 max-md:hidden">
              /
            </li>
            <li aria-current="page" className="min-w-0 truncate font-medium text-ink" dir="auto">
              {crumb}
            </li>
          </>
        )}
      </ol>
    </nav>
  );
}

export function TopBar({ org, name }: { org: string; name: string }) {
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-3 border-b border-line bg-bg px-4 md:gap-5 md:px-6">
      <Breadcrumb org={org} name={name} />
      <HealthStrip org={org} />
      <ScriptedBadge org={org} />
      <PersonMenu />
    </header>
  );
}
