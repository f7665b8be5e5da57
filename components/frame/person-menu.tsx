'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleUser, LogOut, Mail, MonitorSmartphone, Server } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { buttonClass } from '../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuRule } from '../ui/menu.tsx';
import { applyTheme, parseTheme, type Theme } from '../ui/theme.ts';
import { signOut } from './sign-out.ts';

const themeOptions = [
  { value: 'system', label: 'Theme of the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(() => parseTheme(document.documentElement.dataset.theme));
  const change = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return <MenuChoice value={theme} options={themeOptions} onChange={change} />;
}

/** Who is signed in, how the pages look, and the way out. */
export function PersonMenu() {
  const trpc = useTRPC();
  const me = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: 60_000 })).data;
  const trigger = (
    <button type="button" aria-label="Your account" className={buttonClass('quiet', 'normal', 'px-1.5!')}>
      <CircleUser aria-hidden className="size-5" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuLabel>{me ? me.email : 'Signed in'}</MenuLabel>
      <MenuRule />
      <ThemeChoice />
      <MenuRule />
      <MenuItem asChild>
        <Link href="/account">
          <MonitorSmartphone aria-hidden className="size-4" />
          Your account
        </Link>
      </MenuItem>
      {me?.operator && (
        <>
          <MenuItem asChild>
            <Link href="/installation">
              <Server aria-hidden className="size-4" />
              This installation
            </Link>
          </MenuItem>
          <MenuItem asChild>
            <Link href="/outbox">
              <Mail aria-hidden className="size-4" />
              Mail of this installation
            </Link>
          </MenuItem>
        </>
      )}
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden className="size-4" />
        Sign out
      </MenuItem>
    </Menu>
  );
}
