import type { BudgetDimension } from '../budget/ledger.ts';

/** One line of the budgets: what a subject may use and has used this month, or a rule for every new task or run. */
export type BudgetRowView = {
  dimension: BudgetDimension;
  subject: string;
  name: string;
  /** Null: no limit. */
  micros: number | null;
  tokens: number | null;
  seconds: number | null;
  usedMicros: number;
  reservedMicros: number;
  usedTokens: number;
  usedSeconds: number;
  rule: boolean;
  /** Nobody has set it: what it may use is the default. */
  byDefault: boolean;
  /** Of repos and agents: the team whose budget they share. */
  teamId: string | null;
  /** Of org and agents: how many runs may be worked on at once. */
  maxRuns: number | null;
  /** The month's days up to today with the money settled on them. */
  days: { day: number; micros: number }[];
  forecastMicros: number | null;
};
/** `month` is `2026-11`, UTC; `warnAt` are the percentages at which people are told. */
export type BudgetsView = {
  month: string;
  rows: BudgetRowView[];
  warnAt: number[];
  teams: { id: string; name: string }[];
};

/** A budget that has reached a level of which people are told, and what that means in one sentence. */
export type BudgetAlertView = {
  dimension: BudgetDimension;
  subject: string;
  name: string;
  level: number;
  percent: number;
  sentence: string;
};
