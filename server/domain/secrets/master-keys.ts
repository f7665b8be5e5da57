import { createHash } from 'node:crypto';

/** 64 hexadecimal digits each. `earlier` is there while `present` takes over from it. */
export type MasterKeys = { present: string; earlier: string | null };

/** What a master key is called where it must not be told. */
export function masterKeyId(key: string): string {
  return createHash('sha256').update(`fleet master key ${key.toLowerCase()}`).digest('hex').slice(0, 16);
}
