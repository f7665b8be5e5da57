import { Option, type Command } from 'commander';
import { usualLoginFile } from './client/login-file.ts';

const more = (value: string, before: string[]) => [...before, value];
const loginFile = () => new Option('--login <file>', 'where the login is kept').default(usualLoginFile);

/** `fleet login` and what can be done with an API key, against any installation. */
export function addClientCommands(fleet: Command, print: (line: string) => void): void {
  fleet
    .command('login')
    .requiredOption('--url <url>', 'the address of the installation, such as https://fleet.example.com')
    .addOption(loginFile())
    .description('keep an API key, asked for or piped in, for the commands below')
    .action(async ({ url, login: file }: { url: string; login: string }) => {
      const { readKey } = await import('./client/read-key.ts');
      const { login } = await import('./client/login.ts');
      const key = await readKey(process.stdin, (words) => void process.stderr.write(words));
      await login({ file, print }, { url, key });
    });
  fleet
    .command('status')
    .addOption(loginFile())
    .description('say where you are logged in, what the key may do, and how the org stands')
    .action(async ({ login: file }) => (await import('./client/tasks.ts')).printStatus({ file, print }));
  fleet
    .command('log')
    .argument('<task>', 'its number or id')
    .addOption(loginFile())
    .description('print what the runs of a task do, until it is over')
    .action(async (task: string, { login: file }) => (await import('./client/log.ts')).printLog({ file, print }, task));
  addEvidenceCommands(fleet.command('evidence').description('fetch what proves some work, in one file'), print);
  addTaskCommands(fleet.command('task').description('file and read tasks with an API key'), print);
}

type Target = { out?: string; login: string };

function addEvidenceCommands(evidence: Command, print: (line: string) => void): void {
  const out = () => new Option('--out <file>', 'where to write it');
  const take = async ({ out: to, login: file }: Target, asked: Record<string, string>) =>
    (await import('./client/evidence.ts')).takeEvidence({ file, print }, asked, to);
  for (const what of ['change', 'run'] as const) {
    evidence
      .command(what)
      .argument(what === 'change' ? '<number>' : '<id>')
      .addOption(out())
      .addOption(loginFile())
      .description(`of one ${what}`)
      .action((id: string, target: Target) => take(target, { what, id }));
  }
  evidence
    .command('period')
    .requiredOption('--after <time>', 'a day, a time, or how long ago, such as 30d')
    .option('--before <time>', 'where it ends', '0m')
    .addOption(out())
    .addOption(loginFile())
    .description('of all that was worked on in it')
    .action(({ after, before, ...target }: Target & { after: string; before: string }) =>
      take(target, { what: 'period', after, before }),
    );
}

type Given = {
  repo: string;
  title: string;
  body: string;
  scope: string[];
  accept: string[];
  once?: string;
  login: string;
};

function addTaskCommands(task: Command, print: (line: string) => void): void {
  task
    .command('create')
    .requiredOption('--repo <name>', 'the repo it is for')
    .requiredOption('--title <line>', 'what is to be done, in a line')
    .option('--body <text>', 'what a person who knows the repo would need to know', '')
    .option('--scope <glob>', 'paths that may be written; may be repeated', more, [])
    .option('--accept <line>', 'when it is done; may be repeated', more, [])
    .option('--once <name>', 'a name of at least 8 characters: the same name files one task, however often it is sent')
    .addOption(loginFile())
    .description('file a task; its pipeline starts at once')
    .action(async ({ login: file, ...filed }: Given) => {
      const scope = filed.scope.length === 0 ? ['**'] : filed.scope;
      await (await import('./client/tasks.ts')).createTask({ file, print }, { ...filed, scope });
    });
  task
    .command('list')
    .addOption(loginFile())
    .description('print the latest tasks, newest first')
    .action(async ({ login: file }) => (await import('./client/tasks.ts')).listTasks({ file, print }));
  task
    .command('show')
    .argument('<task>', 'its number or id')
    .addOption(loginFile())
    .description('print one task and its stages')
    .action(async (named: string, { login: file }) =>
      (await import('./client/tasks.ts')).showTask({ file, print }, named),
    );
}
