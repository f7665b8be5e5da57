import type { Scope } from './scopes.ts';

/**
 * What a key can be given. Deciding, inviting and changing what agents may do stay with persons, so that no key that
 * reaches an agent lets it approve, release or loosen anything.
 */
export const keyScopes = [
  'org:read',
  'repos:read',
  'tasks:read',
  'tasks:create',
  'runs:read',
  'runs:stop',
  'runs:steer',
  'approvals:read',
  'audit:verify',
] as const satisfies readonly Scope[];
export type KeyScope = (typeof keyScopes)[number];

/** `flt_` and eight characters that name it, then its secret: secret scanners and people know it by the first part. */
const keyShape = /^flt_[A-Za-z0-9]{8}_[\w-]{43}$/;

export function isKey(text: string): boolean {
  return keyShape.test(text);
}

/** The part of a key that may be shown and searched for. */
export function keyPrefix(key: string): string {
  return key.slice(0, 12);
}
