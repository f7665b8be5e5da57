'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../trpc/context.ts';

export type Draft = { title: string; body: string; acceptance: string[]; scope: string[] };
const blank: Draft = { title: '', body: '', acceptance: [], scope: [] };

/** The lines a person wrote, without the empty ones. */
export function filled(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

type Suggestion = { title: string; body: string; acceptance: string[]; scope: string[] };

/** What the form starts with: the whole sample task where it was asked for, else only the proposed scope. */
function firstDraft(suggestion: Suggestion | null, whole: boolean): Draft {
  if (!suggestion) return blank;
  return whole ? suggestion : { ...blank, scope: suggestion.scope };
}

type Input = { org: string; repoId: string; suggest: boolean };

/** The task being written for a repo. What was typed stays; until then the repo's suggestion shows. */
export function useDraft({ org, repoId, suggest }: Input) {
  const trpc = useTRPC();
  const [typed, setTyped] = useState<Draft | null>(null);
  const [whole, setWhole] = useState(suggest);
  const suggestion =
    useQuery(trpc.tasks.suggest.queryOptions({ org, repoId }, { enabled: repoId !== '', staleTime: Infinity })).data ??
    null;
  const draft = typed ?? firstDraft(suggestion, whole);
  return {
    draft,
    hasSample: suggestion !== null && suggestion.title !== '',
    change: (part: Partial<Draft>) => setTyped({ ...draft, ...part }),
    takeSample: () => {
      setWhole(true);
      setTyped(null);
    },
  };
}
