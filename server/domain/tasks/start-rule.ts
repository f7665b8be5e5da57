import { sampleTask } from './sample-task.ts';

export type StartQuestion = {
  model: 'anthropic' | 'scripted';
  repoSource: 'sample' | 'local' | 'git';
  title: string;
};

/** Why this task cannot start with the model at hand, in words for a person; null when it can. */
export function whyNotStart({ model, repoSource, title }: StartQuestion): string | null {
  if (model === 'anthropic') return null;
  const remedy = 'Save an Anthropic API key in Settings, or start Fleet with ANTHROPIC_API_KEY.';
  if (repoSource !== 'sample') {
    return `There is no model key, and the scripted model knows the sample repository only. ${remedy}`;
  }
  if (title.trim() !== sampleTask.title) {
    return `There is no model key, and the scripted model knows one task only: “${sampleTask.title}”. ${remedy}`;
  }
  return null;
}
