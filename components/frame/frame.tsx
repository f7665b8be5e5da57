'use client';

import type { ReactNode } from 'react';
import { ConnectionNote } from './connection-note.tsx';
import { CrumbProvider } from './crumb.tsx';
import { GoingNote } from './going-note.tsx';
import { PhoneBar } from './phone-bar.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { useOrg } from './use-org.ts';

/** What stands round every page of an org. */
export function Frame({ org, children }: { org: string; children: ReactNode }) {
  const name = useOrg(org)?.name ?? org;
  return (
    <CrumbProvider>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-panel focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="flex min-h-dvh">
        <Rail org={org} name={name} />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar org={org} name={name} />
          <ConnectionNote />
          <GoingNote org={org} />
          <main
            id="content"
            tabIndex={-1}
            className="flex min-w-0 flex-1 flex-col px-4 pt-5 pb-24 outline-none md:px-6 md:pb-10"
          >
            {children}
          </main>
        </div>
      </div>
      <PhoneBar org={org} />
    </CrumbProvider>
  );
}
