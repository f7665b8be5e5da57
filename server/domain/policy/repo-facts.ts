import type { NetworkPolicy } from '../network/network-policy.ts';
import { readSetup } from '../setup/repo-setup.ts';
import type { ActionFacts } from './deeds-of.ts';
import { ownCommands } from './shell/own-commands.ts';

type Of = { repo: { setup: unknown; testCommand: string }; network: NetworkPolicy };

/** What is known of a repository and of what a role's sandbox reaches. `downloaded` is filled as commands run. */
export function repoFacts({ repo, network }: Of): ActionFacts & { shell: { downloaded: Set<string> } } {
  const { install, build, lint } = readSetup(repo.setup);
  const own = ownCommands([install, build, lint, repo.testCommand].filter((command) => command !== ''));
  const offline = network.registries.length + network.rules.length === 0;
  return { shell: { own, offline, downloaded: new Set<string>() }, network };
}
