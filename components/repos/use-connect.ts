'use client';

import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import type { RepoSource } from './source-choice.tsx';
import { useTRPC } from '../trpc/context.ts';

export type Asked = { org: string; source: RepoSource; remote?: string; name?: string; testCommand?: string };

/** Saves a repo and tells how long that took, in milliseconds. */
export function useConnect(onConnected: (millis: number) => void) {
  const trpc = useTRPC();
  const began = useRef(0);
  const connect = useMutation(
    trpc.repos.connect.mutationOptions({ onSuccess: () => onConnected(performance.now() - began.current) }),
  );
  const start = (asked: Asked) => {
    began.current = performance.now();
    connect.mutate(asked);
  };
  return { start, error: connect.error, busy: connect.isPending || connect.isSuccess };
}
