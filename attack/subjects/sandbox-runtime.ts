import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Subject } from './subject.ts';

const cli = join(dirname(createRequire(import.meta.url).resolve('@anthropic-ai/sandbox-runtime')), 'cli.js');

/**
 * Claude Code's sandbox-runtime as its README tells a careful user to set it up: no network, nothing readable in the
 * folders where people and other runs keep things but the work folder, nothing else writable, a short environment.
 */
export function sandboxRuntime(root: string): Subject {
  const settings = join(mkdtempSync(join(root, 'srt-')), 'settings.json');
  const filesystem = {
    denyRead: ['/home', '/root', '/tmp', '/var/tmp'],
    allowRead: ['.'],
    allowWrite: ['.'],
    denyWrite: [],
  };
  writeFileSync(settings, JSON.stringify({ network: { allowedDomains: [], deniedDomains: [] }, filesystem }));
  const env = { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: '/root', LANG: 'C.UTF-8' };
  return {
    name: 'sandbox-runtime',
    openWithout: null,
    async open(cwd) {
      const live = new Set<() => void>();
      return {
        files: null,
        run: (command, { timeoutMs = 20_000 } = {}) =>
          new Promise((resolve) => {
            const args = [cli, '--settings', settings, '-c', `bash -c ${quote(command)}`];
            const child = spawn(process.execPath, args, {
              cwd,
              env: env as unknown as NodeJS.ProcessEnv,
              detached: true,
              stdio: ['ignore', 'pipe', 'pipe'],
            });
            let output = '';
            let late = false;
            for (const stream of [child.stdout, child.stderr]) {
              stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('latin1')).slice(-1_000_000)));
            }
            const stop = () => child.pid !== undefined && endGroup(child.pid);
            const timer = setTimeout(() => {
              late = true;
              stop();
            }, timeoutMs);
            live.add(stop);
            child.once('exit', (code) => {
              clearTimeout(timer);
              live.delete(stop);
              resolve(`${late ? 'timed_out' : code === null ? 'killed' : 'exited'} ${code ?? ''}\n${output}`);
            });
          }),
        close: async () => {
          for (const stop of live) stop();
        },
      };
    },
  };
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
