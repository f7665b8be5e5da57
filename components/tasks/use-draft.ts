'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { defaultBudgets } from '../../server/domain/budget/defaults.ts';
import { useTRPC } from '../trpc/context.ts';

export type Draft = {
  title: string;
  body: string;
  acceptance: string[];
  scope: string[];
  /** As typed: dollars and minutes. */
  money: string;
  minutes: string;
};
const { seconds, micros } = defaultBudgets.task;
const budget = { money: String(micros / 1e6), minutes: String(seconds / 60) };
const blank: Draft = { title: '', body: '', acceptance: [], scope: [], ...budget };

/** The budget as it is asked for: nothing where it was left as proposed, null where that is no number. */
export function budgetIn({ money, minutes }: Pick<Draft, 'money' | 'minutes'>) {
  if (money === budget.money && minutes === budget.minutes) return undefined;
  const asked = { micros: Math.round(Number(money) * 1e6), seconds: Math.round(Number(minutes) * 60) };
  const typed = money.trim() !== '' && minutes.trim() !== '' && Object.values(asked).every(Number.isFinite);
  return typed ? asked : null;
}

/** The lines a person wrote, without the empty ones. */
export function filled(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

type Suggestion = { title: string; body: string; acceptance: string[]; scope: string[] };

/** What the form starts with: the whole sample task where it was asked for, else only the proposed scope. */
function firstDraft(suggestion: Suggestion | null, whole: boolean): Draft {
  if (!suggestion) return blank;
  return whole ? { ...suggestion, ...budget } : { ...blank, scope: suggestion.scope };
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
