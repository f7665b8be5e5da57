/** The branch of a task, `fleet/<number>-<slug>`: ASCII, at most 60 characters, the same for the same task. */
export function branchName(task: { number: number; title: string }): string {
  const slug = task.title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return `fleet/${task.number}-${slug || 'task'}`;
}
