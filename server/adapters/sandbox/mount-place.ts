import { AppError } from '../../domain/errors.ts';
import type { SandboxMount } from '../../domain/ports/sandbox.ts';

/** Throws `sandbox_unavailable` for a place that is the sandbox's own. */
export function mustBeMountable({ to }: SandboxMount): void {
  const taken = /^\/(?:work|proc|dev|etc|usr|bin|sbin|lib\w*|tmp)(?:\/|$)/u.test(to);
  if (to.startsWith('/') && !taken && !to.split('/').includes('..')) return;
  throw new AppError(
    'sandbox_unavailable',
    `${JSON.stringify(to)} is no place where a folder can be shown in a sandbox.`,
  );
}
