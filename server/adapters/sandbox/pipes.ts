import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** One pipe. A writer of our own keeps it open until `handedOver`; `release` only when no writer can be left. */
export type Pipe = { reader: Socket; path: string; handedOver(): void; release(): void };

export type PipePool = { take(): Promise<Pipe> };

const batch = 16;

/**
 * Real pipes for the output of commands. Node gives its children socket pairs, on which `/dev/stdout` and `/dev/stderr`
 * cannot be opened, and has no call that makes a pipe: so named ones, made sixteen at a time, used over and over.
 */
export function pipePool(dir: string): PipePool {
  const free: string[] = [];
  let made = 0;
  let making: Promise<void> | null = null;

  const make = async () => {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const paths = Array.from({ length: batch }, (_, i) => join(dir, `pipe-${made + i}`));
    made += batch;
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
    free.push(...paths);
  };

  return {
    async take() {
      while (free.length === 0) {
        making ??= make().finally(() => (making = null));
        await making;
      }
      return openPipe(free.pop()!, (path) => free.push(path));
    },
  };
}

function openPipe(path: string, onRelease: (path: string) => void): Pipe {
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const reader = new Socket({ fd: readEnd, readable: true, writable: false });
  // A read error has no other meaning than the end of the output.
  reader.on('error', () => reader.destroy());
  return {
    reader,
    path,
    handedOver: () => closeSync(writer),
    release: () => {
      reader.destroy();
      onRelease(path);
    },
  };
}
