'use client';

import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';

const Setter = createContext<(label: string | null) => void>(() => {});
const Label = createContext<string | null>(null);

export function CrumbProvider({ children }: { children: ReactNode }) {
  const [label, setLabel] = useState<string | null>(null);
  return (
    <Setter value={setLabel}>
      <Label value={label}>{children}</Label>
    </Setter>
  );
}

/** What a page calls the one thing it shows, for the end of the breadcrumb. */
export function Crumb({ label }: { label: string }) {
  const set = useContext(Setter);
  useEffect(() => {
    set(label);
    return () => set(null);
  }, [label, set]);
  return null;
}

export function useCrumb(): string | null {
  return useContext(Label);
}
