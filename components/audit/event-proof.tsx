'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fromHex } from '../../server/domain/audit/bytes.ts';
import { checkSignature, parseCheckpoint, trustedKeys } from '../../server/domain/audit/checkpoint.ts';
import { includes, leafHash } from '../../server/domain/audit/merkle.ts';
import { plainHashing } from '../../server/domain/audit/plain-hashing.ts';
import type { EventProofView, LogEventView } from '../../server/domain/views/audit-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { ToneIcon } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';

/** Computed here, in the browser: the server's word is what is being checked. */
function holds({ hash }: LogEventView, { leaf, proof, head }: EventProofView): boolean {
  const { sha256 } = plainHashing;
  const note = parseCheckpoint(head.note);
  if (note === null || checkSignature(plainHashing, note, trustedKeys(sha256, head.keys)) !== 'signed') return false;
  const of = { leaf: leafHash(sha256, fromHex(hash)), index: leaf, size: note.size, root: note.root };
  return includes(sha256, { ...of, proof: proof.map(fromHex) });
}

/** That the event is in the log that was signed, checked on request. */
export function EventProof({ org, event }: { org: string; event: LogEventView }) {
  const { streamId, seq } = event;
  const trpc = useTRPC();
  const [asked, setAsked] = useState(false);
  const { data, error, isFetching, refetch } = useQuery(
    trpc.audit.proof.queryOptions({ org, streamId, seq }, { enabled: asked, staleTime: Infinity }),
  );
  if (!data) {
    return (
      <div className="flex flex-col items-start gap-2">
        <Button size="small" busy={isFetching} onClick={() => (asked ? void refetch() : setAsked(true))}>
          Prove it
        </Button>
        {error && <Notice look="info">{errorText(error)}</Notice>}
      </div>
    );
  }
  const good = holds(event, data);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p role="status" className="flex items-center gap-2 text-sm">
        <ToneIcon tone={good ? 'good' : 'bad'} />
        {good
          ? `Leaf ${data.leaf} of the ${data.head.size} under the head that was signed at ${data.head.at}`
          : 'The proof does not hold: this event is not in the log that was signed'}
      </p>
      <Code
        label="Proof"
        lines={12}
        text={[
          `leaf ${data.leaf}`,
          `hash ${data.hash}`,
          ...data.proof.map((one) => `node ${one}`),
          '',
          data.head.note,
        ].join('\n')}
      />
    </div>
  );
}
