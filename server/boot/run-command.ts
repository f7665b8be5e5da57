import { execFile } from 'node:child_process';

export type CommandResult = {
  /** Null when the program does not exist or was killed. */
  code: number | null;
  missing: boolean;
  stdout: string;
  stderr: string;
};

/** Runs a program to its end, without a shell and with nothing to read, and never rejects. `env` is added to this process's own. */
export type RunCommand = (
  file: string,
  args: readonly string[],
  options?: { env?: Readonly<Record<string, string>>; timeoutMs?: number },
) => Promise<CommandResult>;

/** `RunCommand` with `environment` as the base of every program's environment. */
export function commandRunner(environment: Readonly<Record<string, string | undefined>>): RunCommand {
  return (file, args, options = {}) =>
    new Promise((resolve) => {
      const child = execFile(
        file,
        [...args],
        {
          env: { ...environment, ...options.env } as NodeJS.ProcessEnv,
          timeout: options.timeoutMs ?? 30_000,
          maxBuffer: 16 * 1024 * 1024,
        },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
          resolve({ code, missing, stdout, stderr });
        },
      );
      child.stdin?.end();
    });
}
