import { once } from 'node:events';
import { Command, Option } from 'commander';
import { processConfig } from '../server/config/config.ts';
import { filterTime } from '../server/domain/audit/log-filter.ts';
import { AppError } from '../server/domain/errors.ts';
import { addClientCommands } from './client-commands.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addEngineCommands, addMasterKeyCommand } from './engine-commands.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** Waits for whoever reads: a long log is not kept in memory. */
async function printAll(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

/** The `fleet` command. Sets the exit code: 0 done, 1 not done and said why. */
export async function main(argv: string[]): Promise<void> {
  // A terminal that was closed must not take the clean stop down with it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const fleet = new Command('fleet').description('A self-hosted control plane for autonomous coding agents.');
  addCommands(fleet);
  addEngineCommands(fleet, print);
  addMasterKeyCommand(fleet, print);
  addClientCommands(fleet, print);
  addPolicyCommands(fleet, print);
  try {
    await fleet.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  }
}

type VerifyOptions = { head?: string[]; key?: string[]; coverage?: string; since: string; branch?: string };

function addCommands(fleet: Command): void {
  fleet
    .command('up')
    .description('start everything and stay until Ctrl-C (npm start)')
    .action(async () => {
      const { up } = await import('./up.ts');
      process.exit(await up(print));
    });
  fleet
    .command('demo')
    .description('drive the sample task on a throw-away installation (npm run demo)')
    .addOption(
      new Option('--story <name>', 'what happens on the way').choices(['change', 'crash', 'budget']).default('change'),
    )
    .addOption(new Option('--seed <number>', 'kill at moments drawn from this seed').argParser(Number).default(null))
    .option('--sandbox <where>', 'local, podman, docker, or the address of an engine', 'local')
    .option('--json', 'print one final line of JSON', false)
    .option('--keep', 'leave the server running', false)
    .action(async (options) => {
      const { runDemo } = await import('./demo/main.ts');
      process.exit(await runDemo(options));
    });
  fleet
    .command('doctor')
    .description('look at this machine and the installation, change nothing')
    .action(async () => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(processConfig(), print);
    });
  fleet
    .command('owner-link')
    .description('print a new one-time sign-in link for the owner of the running installation')
    .action(async () => {
      const { linkForRunning } = await import('./owner-link.ts');
      print(await linkForRunning(processConfig(), new Date()));
    });
  addLogCommands(fleet);
}

/** What takes a log elsewhere and checks it there. */
function addLogCommands(fleet: Command): void {
  fleet
    .command('export')
    .argument('<org>', "the organization's short name, as in its pages' addresses")
    .description('print the audit log of an organization, one event a line, to be verified anywhere')
    .action(async (org: string) => {
      const { exportLog } = await import('./export-log.ts');
      await exportLog(org, { config: processConfig(), print: printAll });
    });
  fleet
    .command('verify')
    .argument('<file>', 'an exported audit log, an excerpt or an evidence bundle, or its URL; - for the standard input')
    .option(
      '--head <file-or-hash...>',
      'heads kept elsewhere (a note, the output of git log, SIZE:ROOT): each must be a prefix',
    )
    .option('--key <file-url-or-key...>', 'public keys to believe, instead of those that the file names')
    .option('--coverage <repo>', 'a clone: list which commits of its default branch the log has evidence of')
    .option('--since <date>', 'with --coverage: the first day, as 2026-11-01', '1970-01-01')
    .option('--branch <name>', 'with --coverage: another branch than the default one')
    .description('check an exported audit log offline: nothing missing, nothing changed, signed')
    .action(async (file: string, { head, key, coverage: repo, since, branch }: VerifyOptions) => {
      const { verify } = await import('./verify.ts');
      const coverage = repo === undefined ? undefined : { repo, branch, since: filterTime(since, new Date()) };
      process.exitCode = await verify(file, { print, heads: head, keys: key, coverage });
    });
}
