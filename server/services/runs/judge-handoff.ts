import { decide, type PolicyContext } from '../../domain/policy/decide.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { HandoffRecord } from '../../domain/runs/handoff-record.ts';
import { isInClass } from '../../domain/scope/path-classes.ts';

type Judged = HandoffRecord['judged'];

type Of = {
  context: PolicyContext;
  mirror: string;
  base: string;
  branch: string;
  commit: string;
};

/** Nobody reads these line by line, so they make no change larger. */
const counts = (path: string) => !isInClass('@lockfiles', path) && !isInClass('@generated', path);

/** What policy says of a commit before anybody else has it: of its push and of its size. */
export async function judgeHandoff(
  { codeHost }: { codeHost: Pick<CodeHost, 'diffStat'> },
  { context, mirror, base, branch, commit }: Of,
): Promise<Judged> {
  const { files, added, removed } = await codeHost.diffStat({ mirror, base, head: commit, counts });
  const lines = added + removed;
  const size = decide(context, { kind: 'handoff', lines, files });
  const push = decide(context, { kind: 'git_ref', act: 'push', ref: branch, own: true });
  return [
    { on: 'handoff', what: `Handing over ${lines} lines in ${files} files`, verdict: size },
    { on: 'git', what: `Pushing ${branch}`, verdict: push },
  ];
}

/**
 * Why a hand-off is not taken, in words for the agent; null where it is. A question about its size is put to people with the
 * merge, which is theirs to decide anyway; a push that is asked about has nobody to ask.
 */
export function refusalOf(judged: Judged): string | null {
  const bars = ({ on, verdict: { verdict } }: Judged[number]) =>
    verdict === 'deny' || (on === 'git' && verdict === 'ask');
  const barred = judged.find(bars);
  if (!barred) return null;
  const { what, verdict } = barred;
  const way =
    'Nothing was pushed. Hand over less, or say with ask_person or report_blocker that the policy keeps you from it.';
  return `Refused by rule ${verdict.rule}: ${what}. ${verdict.reason} ${way}`;
}

/** The rules whose questions about a hand-off are put to people with the merge. */
export const askedWithMerge = (judged: Judged): Verdict[] =>
  judged.flatMap(({ verdict }) => (verdict.verdict === 'ask' ? [verdict] : []));
