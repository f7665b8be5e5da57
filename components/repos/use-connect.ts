'use client';

import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import type { RepoSource } from './source-choice.tsx';
import { useTRPC } from '../trpc/context.ts';

export type Asked = { org: string; source: RepoSource; remote?: string; name?: string; testCommand?: string };

/** A repo that was just saved, and how long that took as the person saw it, in milliseconds. */
export type Connected = { repoId: string; millis: number };

/** Saves a repo and tells so. */
export function useConnect(onConnected: (connected: Connected) => void) {
  const trpc = useTRPC();
  const began = useRef(0);
  const connect = useMutation(
    trpc.repos.connect.mutationOptions({
      onSuccess: ({ id: repoId }) => onConnected({ repoId, millis: performance.now() - began.current }),
    }),
  );
  const start = (asked: Asked) => {
    began.current = performance.now();
    connect.mutate(asked);
  };
  return { start, error: connect.error, busy: connect.isPending || connect.isSuccess };
}
