import type { Command } from 'commander';
import { processConfig } from '../server/config/config.ts';

/** `fleet engine …`: where sandboxes are made. The operator's, whatever tenants there are. */
export function addEngineCommands(fleet: Command, print: (line: string) => void): void {
  const engine = fleet
    .command('engine')
    .description('where sandboxes are made: here, on Docker or Podman engines, or at E2B');
  const of = () => ({ dataDir: processConfig().dataDir, print });
  engine
    .command('list')
    .description('print the engines and who runs where')
    .action(async () => (await import('./engine.ts')).listEngines(of()));
  engine
    .command('add')
    .argument('<name>', 'your name for it')
    .requiredOption(
      '--url <url>',
      'unix:///run/podman/podman.sock, tcp://127.0.0.1:2375, https://host:2376 or e2b://e2b.app',
    )
    .option('--ca <file>', 'the certificate authority of its server')
    .option('--cert <file>', 'the certificate to show there')
    .option('--key <file>', 'the key of that certificate')
    .option('--api-key-file <file>', 'a file that holds the key of an E2B account')
    .description('enter a Docker or Podman engine or an E2B account, or change how one is reached')
    .action(async (name: string, given) => (await import('./engine.ts')).addEngine(of(), name, given));
  engine
    .command('image')
    .argument('<name>', 'an engine')
    .option('--use <image>', 'an image by name, fetched where the engine does not have it; at E2B a template')
    .option('--repo <org/repo>', 'for this repo alone, whichever engine it is on; with --use')
    .option('--compilers', 'with gcc and g++, where this machine has them', false)
    .description("give it the image of sandboxes: this machine's own tools (Debian, Ubuntu), or one you name")
    .action(async (name: string, given) => {
      process.exitCode = await (await import('./engine.ts')).setImage(of(), name, given);
    });
  engine
    .command('test')
    .argument('<name>', 'an engine, or local')
    .description('run one real command in one real sandbox there')
    .action(async (name: string) => {
      process.exitCode = await (await import('./engine.ts')).testEngine(of(), name);
    });
  engine
    .command('use')
    .argument('<name>', 'an engine, or local')
    .option('--org <org>', 'for this organization alone')
    .description('let runs, checks and merges happen there')
    .action(async (name: string, { org }) => (await import('./engine.ts')).usePlace(of(), name, org));
  engine
    .command('remove')
    .argument('<name>', 'an engine')
    .description('forget an engine that nothing uses')
    .action(async (name: string) => (await import('./engine.ts')).removeEngine(of(), name));
  fleet
    .command('trust')
    .argument('[orgs...]', "organizations' short names, as in their pages' addresses")
    .option('--all', 'every organization, those to come included', false)
    .option('--nobody', 'no two', false)
    .description('say which organizations trust each other: only those run on one kernel')
    .action(async (orgs: string[], given) => (await import('./trust.ts')).markTrust(of(), { ...given, orgs }));
}

/** `fleet master-key rotate`. */
export function addMasterKeyCommand(fleet: Command, print: (line: string) => void): void {
  fleet
    .command('master-key')
    .description('the key over all keys that secrets are encrypted with')
    .command('rotate')
    .description('put a new one in its place while Fleet works')
    .action(async () => (await import('./master-key.ts')).rotate({ config: processConfig(), print }));
}
