import type { RepoService } from './repo-setup.ts';

/** Succeeds once a service answers; whoever runs it bounds the time. */
export function healthScript({ port, health }: RepoService): string {
  const asks =
    health === null || health === ''
      ? `(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null`
      : `(\n${health}\n) >/dev/null 2>&1`;
  return `until ${asks}; do sleep 0.2; done`;
}
