import type { SandboxLimits } from '../ports/sandbox.ts';

/** What one sandbox may take of the host. */
export const sandboxLimits: SandboxLimits = {
  processes: 512,
  fileBytes: 2 * 1024 ** 3,
  memoryBytes: 4 * 1024 ** 3,
  diskBytes: 10 * 1024 ** 3,
  cpus: 4,
};

/** How long the repo's tests may run. */
export const testTimeoutMs = 15 * 60_000;

/** How long a set-up may take, all its lines together. */
export const setupTimeoutMs = 15 * 60_000;

/** Output of a set-up that is kept. */
export const setupOutputBytes = 1024 ** 2;

/** How long a service may take until it answers. */
export const serviceStartMs = 60_000;

/** Output of a test run that is kept: its beginning and its end, the report included. */
export const testOutputBytes = 16 * 1024 ** 2;

/** Cases of one run that are told apart; beyond, they count as unknown. */
export const mostCases = 50_000;

/** Characters of a line of output that are read. */
export const mostLine = 4_000;

const mostName = 1_000;

/** The name of a test below its suites, cut to what people read. */
export function joined(outer: string, name: string): string {
  if (outer.length >= mostName) return outer;
  return (outer === '' || name === '' ? outer + name : `${outer} > ${name}`).slice(0, mostName);
}
