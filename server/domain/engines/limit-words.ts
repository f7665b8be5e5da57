import type { SandboxHealth } from '../ports/sandbox.ts';

const names: Record<keyof SandboxHealth['limits'], string> = {
  processes: 'processes',
  fileBytes: 'size of a file',
  memoryBytes: 'memory',
  diskBytes: 'disk',
  cpus: 'processors',
};

/** Says of each limit what holds it, in one line. */
export function limitWords(limits: SandboxHealth['limits']): string {
  const words = (Object.keys(names) as (keyof typeof names)[]).map(
    (limit) => `${names[limit]} ${limits[limit] === null ? 'NOT HELD' : `by ${limits[limit]}`}`,
  );
  return `limits: ${words.join(', ')}`;
}
