'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { KeyView } from '../../server/domain/views/key-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Ago } from '../ui/time.tsx';

const states = { good: 'Works', expired: 'Expired', revoked: 'Revoked' } as const;

/** The keys of one account by their first part, with what each may do and when it was used last. */
export function KeyList({ org, keys, retired }: { org: string; keys: KeyView[]; retired: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.keys.pathKey() }),
    }),
  );
  if (keys.length === 0) return <p className="text-ink-2">No key has been made for it.</p>;
  return (
    <>
      {revoke.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(revoke.error)}
        </p>
      )}
      <ul className="flex flex-col divide-y divide-line">
        {keys.map(({ id, prefix, scopes, createdBy, expiresAt, usedAt, state }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <div className="min-w-0 flex-1 basis-64">
              <p>
                <span className="font-mono">{prefix}…</span>{' '}
                <span className="text-sm text-ink-3">
                  {states[state]}
                  {state === 'good' && (
                    <>
                      , over <Ago at={expiresAt} />
                    </>
                  )}
                  ; {usedAt === null ? 'never used' : 'used'} {usedAt !== null && <Ago at={usedAt} />}
                </span>
              </p>
              <p className="text-sm text-ink-3 foreign">
                <span className="font-mono">{scopes.join('  ')}</span>, made by {createdBy}
              </p>
            </div>
            {state === 'good' && !retired && (
              <Button
                look="quiet"
                aria-label={`Revoke the key ${prefix}`}
                busy={revoke.isPending && revoke.variables.keyId === id}
                onClick={() => revoke.mutate({ org, keyId: id })}
              >
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
