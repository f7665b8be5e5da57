import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { identify, isAlive, processIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** Either the lock, or the living process that holds it. */
export type Lock = { held: true; release: () => void } | { held: false; holder: ProcessIdentity };

/** Takes the lock, also from a holder that died. The file's folder must exist. */
export function tryLock(file: string): Lock {
  const draft = `${file}.${randomUUID()}`;
  const own = JSON.stringify(identify(process.pid));
  fs.writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (;;) {
      if (linked(draft, file)) return { held: true, release: () => void (holds(file, own) && fs.rmSync(file)) };
      const holder = lockHolder(file);
      if (holder !== null) return { held: false, holder };
      retire(file, `${draft}.dead`);
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** The living process that holds the lock; null when nobody does. */
export function lockHolder(file: string): ProcessIdentity | null {
  try {
    const holder = processIdentity.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
    return holder.success && isAlive(holder.data) ? holder.data : null;
  } catch {
    return null;
  }
}

/** A hard link is the one creation that fails when the name exists and never shows a half-written file. */
function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a dead holder's file away. What was taken is judged again: another start may have locked in between. */
function retire(file: string, aside: string): void {
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (lockHolder(aside) !== null) linked(aside, file);
  fs.rmSync(aside);
}

function holds(file: string, own: string): boolean {
  try {
    return fs.readFileSync(file, 'utf8') === own;
  } catch {
    return false;
  }
}
