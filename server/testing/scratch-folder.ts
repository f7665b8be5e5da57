import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const prefix = 'fleet-test-';

/** Memory where the system has such a folder: a test run makes many databases, and none is to outlive it. */
const parents = ['/dev/shm', os.tmpdir()].filter((folder) => isWritable(folder));

/** A new folder of the calling process, which `scratchFolders` finds should the process be killed. */
export function scratchFolder(): string {
  return fs.mkdtempSync(path.join(parents[0] ?? os.tmpdir(), `${prefix}${process.pid}-`));
}

/** All such folders of this machine, each with the process that made it. */
export function scratchFolders(): { folder: string; pid: number }[] {
  return parents.flatMap((parent) =>
    fs
      .readdirSync(parent)
      .filter((name) => name.startsWith(prefix))
      .map((name) => ({ folder: path.join(parent, name), pid: Number(name.slice(prefix.length).split('-')[0]) })),
  );
}

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
