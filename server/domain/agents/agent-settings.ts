import { stringify } from 'yaml';
import { z } from 'zod';
import { mostRuns } from '../budget/amounts.ts';

export const agentName = z.string().trim().min(1, 'An agent needs a name.').max(60);

/** What people set of an agent, kept whole in each of its revisions. What it is for is its role's. */
export const agentSettings = z.strictObject({
  name: agentName,
  /** The one repo it works in; null: every repo of the org. */
  repoId: z.string().max(60).nullable(),
  /** The version of its role that it stays at; null: the newest, whichever that is when a run begins. */
  roleVersion: z.int().positive().nullable(),
  /** What it is told beside its role's rules. */
  instructions: z.string().trim().max(4_000),
  maxRuns: z.int().min(1).max(mostRuns),
  /** Run time in a calendar month, where its budget sets none. */
  secondsLimit: z.int().min(60).max(100_000_000),
});
export type AgentSettings = z.infer<typeof agentSettings>;

/** As stored: a bound that is drawn closer later makes no old revision unreadable. */
const storedSettings = z.object({
  ...agentSettings.shape,
  name: z.string(),
  maxRuns: z.int(),
  secondsLimit: z.int(),
});

export function readSettings(body: unknown): AgentSettings {
  return storedSettings.parse(body);
}

export const newAgent = (hired: Pick<AgentSettings, 'name' | 'maxRuns' | 'secondsLimit'>): AgentSettings => ({
  ...{ repoId: null, roleVersion: null, instructions: '' },
  ...hired,
});

/** The settings that differ, by name. */
export function changedSettings(before: AgentSettings, after: AgentSettings): (keyof AgentSettings)[] {
  return (Object.keys(agentSettings.shape) as (keyof AgentSettings)[]).filter((key) => before[key] !== after[key]);
}

/** Settings as text that two revisions can be compared by. */
export function settingsText(settings: AgentSettings, { repo }: { repo: string | null }): string {
  const { name, roleVersion, instructions, maxRuns, secondsLimit } = settings;
  const said = {
    name,
    'works in': repo ?? 'every repo of the org',
    'version of its role': roleVersion ?? 'the newest',
    instructions: instructions === '' ? 'none' : instructions,
    'runs at once': maxRuns,
    'minutes of run time a month': secondsLimit / 60,
  };
  return stringify(said, { lineWidth: 110, sortMapEntries: false });
}
