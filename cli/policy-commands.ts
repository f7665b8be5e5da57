import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AppError } from '../server/domain/errors.ts';
import { explainPolicy } from '../server/domain/policy/explain-policy.ts';
import { importPermissions, type Imported } from '../server/domain/policy/import-permissions.ts';
import { writePolicy } from '../server/domain/policy/policy-yaml.ts';
import { usualLoginFile } from './client/login-file.ts';

type Print = (line: string) => void;

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new AppError('invalid_input', `${file} cannot be read. Name a file, or - for the standard input.`);
  }
}

/** Says in words what a policy means and what is doubtful in it, and tries its cases. Returns the exit code. */
export function checkPolicy(file: string, print: Print): number {
  const said = explainPolicy(textOf(file));
  if (!said.ok) {
    for (const { line, message } of said.problems) print(`✗ ${file}, line ${line}: ${message}`);
    return 1;
  }
  for (const { id, as, words } of said.rules) print(`  ${as.padEnd(7)}  ${id}: ${words}`);
  if (said.preset) print(`  and ${said.preset.rules} rules of the preset ${said.preset.name}.`);
  for (const { rule, message } of said.doubts) print(`! ${rule}: ${message}`);
  for (const { words, verdict } of said.failed) {
    print(`✗ ${words}, and is ${verdict.verdict} by ${verdict.rule}: ${verdict.reason}`);
  }
  const { cases, failed } = said;
  print(failed.length === 0 ? `✓ ${cases} cases hold` : `${failed.length} of ${cases} cases fail`);
  return failed.length === 0 ? 0 : 1;
}

/** Prints a policy with what a list of permissions says; what could not be taken over goes to `warn`. */
export function importPolicy(file: string, { print, warn }: { print: Print; warn: Print }): number {
  const { policy, left } = imported(file);
  print(writePolicy(policy).trimEnd());
  for (const { entry, why } of left) warn(`left out: ${entry} (${why})`);
  return 0;
}

function imported(file: string): Imported {
  try {
    return importPermissions(textOf(file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'invalid_input',
      `${file} holds no list of permissions: a JSON object with permissions.allow, ask and deny.`,
    );
  }
}

export function addPolicyCommands(fleet: Command, print: Print): void {
  const policy = fleet.command('policy').description('read and write what agents may do');
  policy
    .command('check')
    .argument('<file>', 'a policy in YAML; - for the standard input')
    .description('say what a policy means, what is doubtful in it, and whether its cases hold')
    .action((file: string) => {
      process.exitCode = checkPolicy(file, print);
    });
  policy
    .command('backtest')
    .argument('<file>', 'a policy in YAML; - for the standard input')
    .option('--days <number>', 'how far back', '30')
    .option('--login <file>', 'where the login is kept', usualLoginFile)
    .description('say how a policy would have decided what agents of the org did lately')
    .action(async (file: string, { days, login }: { days: string; login: string }) => {
      const { backtest } = await import('./client/backtest.ts');
      const progress = (line: string) => void process.stderr.write(line);
      await backtest({ file: login, print, progress }, { yaml: textOf(file), days: Number(days) });
    });
  policy
    .command('import')
    .argument('<file>', 'settings of Claude Code or Copilot with lists of permissions')
    .description('print the policy that another agent’s list of permissions amounts to')
    .action((file: string) => {
      process.exitCode = importPolicy(file, { print, warn: (line) => void process.stderr.write(`${line}\n`) });
    });
}
