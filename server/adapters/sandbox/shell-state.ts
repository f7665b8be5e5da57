import { AppError } from '../../domain/errors.ts';

/**
 * The folder and exported variables that one command leaves to the next, as the bash text that brings them back. It was
 * written in the agent's world and is only ever run in the agent's world: to us it is bytes.
 */
export type ShellState = Uint8Array;

/** What a kept shell runs when it ends. It must hold no single quote. */
export const stateReport = [
  '{ builtin printf "state\\n"; builtin declare -px',
  'builtin printf "cd -- %q 2>/dev/null || echo The folder %q is gone: this command starts in /work.\\n" "$PWD" "$PWD"',
  'builtin printf "end\\n"; } 2>/dev/null >&5',
].join('; ');

const begin = Buffer.from('state\n');
const end = Buffer.from('end\n');

/** Null when the command left none, or only a part of it. */
export function readState(said: Uint8Array): ShellState | null {
  const bytes = Buffer.from(said);
  const whole = bytes.subarray(0, begin.length).equals(begin) && bytes.subarray(-end.length).equals(end);
  return whole ? bytes.subarray(begin.length, -end.length) : null;
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** Text that exports `env`. Throws `sandbox_unavailable` for what is no variable. */
export function exportText(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!variableName.test(name) || value.includes('\0')) {
        throw new AppError(
          'sandbox_unavailable',
          `${JSON.stringify(name)} cannot be set as a variable of the sandbox.`,
        );
      }
      return `export ${name}='${value.replaceAll("'", "'\\''")}'\n`;
    })
    .join('');
}

/**
 * The prologue of a command. Names that the sandbox itself sets are forgotten before the state is brought back, so that
 * a command can take one away for good.
 */
export function prologueOf({ base, state }: { base: string; state: ShellState | null }): Uint8Array {
  if (state === null) return Buffer.from(base);
  const names = ['PATH', 'HOME', 'LANG', 'CI', ...[...base.matchAll(/^export (\w+)=/gmu)].map((found) => found[1])];
  const text = Buffer.from(state);
  // The last line changes the folder and may have something to say.
  const last = text.lastIndexOf(10, -2) + 1;
  // Variables that bash itself locks are refused: that complaint is not the command's.
  const parts = [`{ unset -v ${names.join(' ')}\n`, text.subarray(0, last), '} 2>/dev/null\n', text.subarray(last)];
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
