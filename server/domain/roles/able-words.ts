import { writeScopeInWords } from '../scope/write-scope.ts';
import { toolGroups } from '../tools/tool-words.ts';
import { openPlaces } from '../network/network-words.ts';
import type { RoleBody } from './role-body.ts';

type Hired = { maxRuns: number; secondsLimit: number };

/** What a new role would be able to do, in sentences, with the agent that is hired into it. */
export function ableWords(body: RoleBody, { maxRuns, secondsLimit: ofMonth }: Hired): string[] {
  const { write, tools, servers, network, secondsLimit, costLimitMicros, tier, contract } = body;
  const hosts = openPlaces(network);
  const named = (words: readonly string[]) => words.map((each) => `\`${each}\``).join(', ');
  return [
    kinds[contract],
    `It may write ${writeScopeInWords(write)}.`,
    ...toolGroups(tools).map(({ does, within, tools: own }) => `${does}, ${within}: ${named(own)}.`),
    servers.length === 0 ? 'It has no MCP servers.' : `It has what is allowed of the MCP servers ${named(servers)}.`,
    hosts.length === 0 ? 'Its sandbox reaches no host by itself.' : `Its sandbox reaches ${named(hosts)}.`,
    `One run may use $${(costLimitMicros / 1_000_000).toFixed(2)} and ${secondsLimit / 60} minutes, on a ${tier} model.`,
    `One agent is hired into it, with ${maxRuns === 1 ? 'one run' : `${maxRuns} runs`} at once and ${ofMonth / 60} minutes a month.`,
  ];
}

const kinds: Record<RoleBody['contract'], string> = {
  build: 'It changes a repo and hands over what it has changed.',
  review: 'It decides on changes of others and writes nothing.',
  explore: 'It answers what it is asked and writes nothing.',
};
