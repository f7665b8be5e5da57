'use client';

import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { OrgSwitcher } from './org-switcher.tsx';
import { placeHref, placeOf, placesFor, type Place } from './places.ts';
import { useOrg } from './use-org.ts';
import { useBoard } from './health-strip.tsx';

export function Count({ value }: { value: number }) {
  if (value === 0) return null;
  return (
    <span className="figures rounded-full bg-needs px-1.5 text-xs leading-[18px] font-medium text-on-needs">
      {value > 99 ? '99+' : value}
      <span className="sr-only"> waiting for you</span>
    </span>
  );
}

function RailLink({ org, place, here, needsYou }: { org: string; place: Place; here: boolean; needsYou: number }) {
  const Icon = place.icon;
  return (
    <Link
      href={placeHref(org, place.segment)}
      title={place.label}
      aria-current={here ? 'page' : undefined}
      className={clsx(
        'relative flex h-8 items-center gap-2.5 rounded-md px-2 text-sm max-lg:justify-center',
        here ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="truncate max-lg:sr-only">{place.label}</span>
      {place.segment === 'approvals' && (
        <span className="ml-auto max-lg:absolute max-lg:-top-1 max-lg:-right-1">
          <Count value={needsYou} />
        </span>
      )}
    </Link>
  );
}

/** The way to every page; icons alone where the window is narrow, gone on a phone. */
export function Rail({ org, name }: { org: string; name: string }) {
  const here = placeOf(org, usePathname());
  const needsYou = useBoard(org)?.needsYou ?? 0;
  const role = useOrg(org)?.role;
  return (
    <nav
      aria-label="Pages"
      className="sticky top-0 hidden h-dvh w-14 shrink-0 flex-col gap-4 border-r border-line bg-sunken p-2 md:flex lg:w-[220px]"
    >
      <OrgSwitcher org={org} name={name} />
      <div className="flex flex-col gap-0.5">
        {placesFor(role).map((place) => (
          <RailLink key={place.segment} org={org} place={place} here={place === here} needsYou={needsYou} />
        ))}
      </div>
    </nav>
  );
}
