'use client';

import { clsx } from 'clsx';
import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { useBoard } from './health-strip.tsx';
import { placeHref, placeOf, placesFor, type Place } from './places.ts';
import { Count } from './rail.tsx';
import { useOrg } from './use-org.ts';

const first = ['', 'approvals', 'tasks'];
const tab = 'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs';

function More({ org, here }: { org: string; here: Place | undefined }) {
  const rest = placesFor(useOrg(org)?.role).filter((place) => !first.includes(place.segment));
  const inside = here !== undefined && rest.includes(here);
  const trigger = (
    <button type="button" className={clsx(tab, inside ? 'font-medium text-ink' : 'text-ink-2')}>
      <Ellipsis aria-hidden className="size-5" />
      More
    </button>
  );
  return (
    <Menu trigger={trigger} side="top">
      {rest.map(({ segment, label, icon: Icon }) => (
        <MenuItem key={segment} asChild>
          <Link href={placeHref(org, segment)}>
            <Icon aria-hidden className="size-4" />
            {label}
          </Link>
        </MenuItem>
      ))}
    </Menu>
  );
}

/** The bottom of the screen on a phone. An approval has the screen to itself. */
export function PhoneBar({ org }: { org: string }) {
  const pathname = usePathname();
  const here = placeOf(org, pathname);
  const needsYou = useBoard(org)?.needsYou ?? 0;
  const role = useOrg(org)?.role;
  if (pathname.startsWith(`/${org}/approvals/`)) return null;
  const tabs = placesFor(role).filter((place) => first.includes(place.segment));
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {tabs.map((place) => (
        <Link
          key={place.segment}
          href={placeHref(org, place.segment)}
          aria-current={place === here ? 'page' : undefined}
          className={clsx(tab, place === here ? 'font-medium text-ink' : 'text-ink-2')}
        >
          <place.icon aria-hidden className="size-5" />
          {place.label}
          {place.segment === 'approvals' && (
            <span className="absolute top-1 left-1/2 ml-2">
              <Count value={needsYou} />
            </span>
          )}
        </Link>
      ))}
      <More org={org} here={here} />
    </nav>
  );
}
