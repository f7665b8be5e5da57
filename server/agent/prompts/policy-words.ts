import type { NetworkPolicy } from '../../domain/network/network-policy.ts';
import { openPlaces } from '../../domain/network/network-words.ts';
import { toolClasses } from '../../domain/tools/tool-classes.ts';
import { writeScopeInWords } from '../../domain/scope/write-scope.ts';
import { list } from '../text/sections.ts';
import type { Brief, BriefSecret } from './brief.ts';

const quoted = (globs: readonly string[]) => globs.map((glob) => `\`${glob}\``).join(', ') || 'nothing';

/** What the sandbox of a role can reach, in words. */
function networkInWords(network: NetworkPolicy): string {
  if (openPlaces(network).length === 0) {
    return 'The sandbox has no network: nothing outside it can be reached, and nothing can be downloaded.';
  }
  return `The sandbox reaches these places through a proxy that writes down every request, and nothing else: ${openPlaces(network).join('; ')}.`;
}

function secretInWords({ name, header, places }: BriefSecret): string {
  return (
    `\`$${name}\` holds a placeholder, not the secret. Send it as it is in the header \`${header}\` to ${places.join(' or ')}, where that is ` +
    'open to you: the proxy puts the secret in its place there. It is worth nothing anywhere else, and nobody here can see the secret.'
  );
}

function writing({ body, task }: Brief): string[] {
  if (body.contract !== 'build') return ['You write nothing; your tools for files only read.'];
  return [
    `This task is confined to: ${quoted(task.scope)}.`,
    `Your role writes ${writeScopeInWords(body.write)}.`,
    'Both hold. The file tools refuse a path outside, and what a command changes outside is left out of the commit.',
  ];
}

function asking({ body }: Brief): string[] {
  const has = (name: string) => body.tools.some((tool) => tool === name);
  const more = body.tools.filter((tool) => toolClasses[tool].risk === 'asks_for_more');
  return [
    ...(has('request_scope')
      ? ['What the task needs outside its scope, a person may open for this run: ask with request_scope.']
      : []),
    ...(more.length === 0 ? ['Nothing can be added to your rights or budget while you run.'] : []),
    ...(has('report_blocker') ? ['What nobody can open from here is for report_blocker.'] : []),
  ];
}

/** What holds for this run, as the code that decides has it; nothing in the repository changes it. */
export function policyInWords(brief: Brief): string {
  return list([
    ...writing(brief),
    'Files that may hold secrets (`@secrets`, such as .env and private keys) are not for reading.',
    networkInWords(brief.body.network),
    ...(brief.secrets ?? []).map(secretInWords),
    ...asking(brief),
    ...(brief.policy ?? []),
    'No grant holds yet: everything else that is refused stays refused until a person says otherwise in this run.',
    'You never approve, merge or push, and you cannot change what holds for you.',
  ]);
}
