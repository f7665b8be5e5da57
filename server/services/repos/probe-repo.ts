import { AppError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CodeHost, RepoInspection } from '../../domain/ports/code-host.ts';
import type { RepoProbeView } from '../../domain/views/repo-views.ts';
import { surveyNotes } from '../../domain/setup/survey-notes.ts';
import { repoName, repoRemote } from './repo-remote.ts';

type Deps = { codeHost: CodeHost; clock: Clock; operator: boolean };

/** Looks at a repo without saving anything. Throws the AppErrors of CodeHost.inspect, and `no_test_command`. */
export async function probeRepo(
  { codeHost, clock, operator }: Deps,
  asked: { source: 'local' | 'git'; remote: string },
): Promise<RepoProbeView> {
  const remote = repoRemote(asked, { operator });
  const began = clock.now().getTime();
  const found = await codeHost.inspect({ remote, trusted: operator });
  return {
    remote,
    name: repoName(remote),
    defaultBranch: found.defaultBranch,
    head: found.head,
    files: found.files,
    bytes: found.bytes,
    testCommand: testCommandOf(found),
    managers: found.found.managers,
    declaredIn: found.found.declaredIn,
    problem: found.found.problem,
    setup: found.found.setup,
    notes: surveyNotes(found),
    millis: clock.now().getTime() - began,
  };
}

/** What a person typed, else what was found. Without any, no check could ever pass: refused before it is saved. */
export function testCommandOf({ found }: Pick<RepoInspection, 'found'>, typed?: string): string {
  const command = typed ?? found.testCommand;
  if (command !== null && command !== '') return command;
  throw new AppError(
    'no_test_command',
    'No test command was found in this repo. Fleet merges only what was tested: type the command that runs the tests.',
  );
}
