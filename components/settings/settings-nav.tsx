'use client';

import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { can, type Scope } from '../../server/domain/authz/scopes.ts';
import { useOrg } from '../frame/use-org.ts';

const pages: readonly { path: string; title: string; scope: Scope }[] = [
  { path: '', title: 'General', scope: 'org:read' },
  { path: '/members', title: 'Members', scope: 'org:read' },
  { path: '/teams', title: 'Teams', scope: 'org:read' },
  { path: '/policy', title: 'Policy', scope: 'org:read' },
  { path: '/roles', title: 'Roles', scope: 'org:read' },
  { path: '/sso', title: 'Single sign-on', scope: 'org:own' },
  { path: '/secrets', title: 'Secrets', scope: 'org:read' },
  { path: '/keys', title: 'Keys', scope: 'org:configure' },
  { path: '/tools', title: 'Tools', scope: 'org:read' },
  { path: '/webhooks', title: 'Webhooks', scope: 'audit:verify' },
  { path: '/retention', title: 'Retention', scope: 'audit:verify' },
  { path: '/danger', title: 'Danger zone', scope: 'org:read' },
];

/** On a narrow screen not all of them fit: the one that is open is brought into sight. */
function useCurrentInSight(here: string, role: string | undefined) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (!nav.current || !current) return;
    nav.current.scrollLeft = current.offsetLeft - (nav.current.clientWidth - current.offsetWidth) / 2;
  }, [here, role]);
  return nav;
}

/** The pages of an org's settings that this role may open, and the person's own sessions. */
export function SettingsNav({ org }: { org: string }) {
  const role = useOrg(org)?.role;
  const here = usePathname();
  const nav = useCurrentInSight(here, role);
  const look = (current: boolean) =>
    clsx(
      'block border-b-2 px-1 py-2 text-sm whitespace-nowrap',
      current ? 'border-accent font-medium text-ink' : 'border-transparent text-ink-2 hover:text-ink',
    );
  return (
    <nav ref={nav} aria-label="Settings" className="relative mb-6 overflow-x-auto border-b border-line">
      <ul className="flex gap-x-4">
        {pages
          .filter(({ scope }) => role !== undefined && can(role, scope))
          .map(({ path, title }) => {
            const href = `/${org}/settings${path}`;
            return (
              <li key={path}>
                <Link href={href} aria-current={here === href ? 'page' : undefined} className={look(here === href)}>
                  {title}
                </Link>
              </li>
            );
          })}
        <li>
          <Link href="/account" className={look(false)}>
            Sessions
          </Link>
        </li>
      </ul>
    </nav>
  );
}
