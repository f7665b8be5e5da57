import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a minute and more. The last to begin runs alone, with a processor idle beside it. */
const longest = [
  'inngest/runtime/crash.flow.test.ts',
  'attack/suite.flow.test.ts',
  'inngest/runtime/drills.flow.test.ts',
  'server/adapters/sandbox/docker/docker.flow.test.ts',
  'inngest/runtime/failures.flow.test.ts',
  'inngest/runtime/enforcement.flow.test.ts',
  'inngest/runtime/people.flow.test.ts',
  'server/boot/crash.flow.test.ts',
  'inngest/runtime/environment.flow.test.ts',
  'inngest/runtime/process.flow.test.ts',
  'inngest/runtime/fairness.flow.test.ts',
  'inngest/runtime/second-chances.flow.test.ts',
  'inngest/runtime/podman.flow.test.ts',
  'inngest/local/cron.flow.test.ts',
];

function placeOf({ moduleId }: TestSpecification): number {
  const found = longest.findIndex((path) => moduleId.endsWith(`/${path}`));
  return found === -1 ? longest.length : found;
}

/** Begins with the longest files also where no earlier run has left word of how long each took. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
