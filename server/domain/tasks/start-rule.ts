import type { Choice } from '../models/choose-model.ts';
import { sampleTask } from './sample-task.ts';

export type StartQuestion = {
  /** What answers for each role that is to work on it. */
  choices: readonly Choice[];
  repoSource: 'sample' | 'local' | 'git';
  title: string;
  /** Whether the sample task was merged into this repo before: its script begins where nothing is done yet. */
  merged: boolean;
};

/** Why this task cannot start with the models at hand, in words for a person; null when it can. */
export function whyNotStart({ choices, repoSource, title, merged }: StartQuestion): string | null {
  const refused = choices.find((choice) => choice.kind === 'refused');
  if (refused) return refused.why;
  if (!choices.some(({ kind }) => kind === 'scripted')) return null;
  const remedy =
    'Save an Anthropic API key or connect another provider under Settings, or start Fleet with ANTHROPIC_API_KEY.';
  if (repoSource !== 'sample') {
    return `There is no model key, and the scripted model knows the sample repository only. ${remedy}`;
  }
  if (title.trim() !== sampleTask.title) {
    return `There is no model key, and the scripted model knows one task only: “${sampleTask.title}”. ${remedy}`;
  }
  if (merged)
    return `The scripted model has done its one task in this repo already, and there is no model key. ${remedy}`;
  return null;
}
