/** What holds until people set something else. The monthly ones are also in the SQL of `budgets_of_run`. */
export const defaultBudgets = {
  monthMicros: { org: 200_000_000, repo: 100_000_000, team: null, agent: null },
  task: { seconds: 3_600, micros: 10_000_000 },
} as const;
