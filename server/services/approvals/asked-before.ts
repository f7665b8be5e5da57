import type { RunEvent } from '../../domain/events/run-events.ts';
import type { Action } from '../../domain/policy/action.ts';
import type { GrantAllows } from '../../domain/policy/grant.ts';
import { recordedAction, type KnownTools } from '../../domain/policy/recorded-action.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { matchesHost } from '../../domain/network/decide-network.ts';
import { compileGlobs } from '../../domain/scope/glob.ts';
import { entryGlobs } from '../../domain/scope/write-scope.ts';
import { workPath } from '../../domain/scope/work-path.ts';

export type AskedBefore = { action: Action; verdict: Verdict };

/** Whether a request is about what an action did. */
function isAbout({ paths, hosts, commands }: GrantAllows, action: Action): boolean {
  if (action.kind === 'shell') return commands.includes(action.command.trim());
  if (action.kind === 'file_write')
    return compileGlobs(paths.flatMap(entryGlobs))(workPath(action.path) ?? action.path);
  if (action.kind !== 'fetch') return false;
  const host = URL.parse(action.url)?.hostname.toLowerCase() ?? '';
  return hosts.some((each) => matchesHost(each, host));
}

/** What a run tried and was told to ask for, of what it asks for now: the rule that spoke knew what it was about to do. */
export function askedBefore(log: readonly RunEvent[], request: GrantAllows, known: KnownTools): AskedBefore[] {
  return log.flatMap((event) => {
    if (event.kind !== 'tool.intended' || event.payload.verdict.verdict !== 'ask') return [];
    const { tool, input, verdict } = event.payload;
    const action = recordedAction(tool, input, known);
    return action !== null && isAbout(request, action) ? [{ action, verdict }] : [];
  });
}
