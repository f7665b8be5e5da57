import { generateKeyPairSync, sign } from 'node:crypto';
import { hex, utf8Bytes } from '../bytes.ts';
import { chainEvent } from '../chain.ts';
import { chainStart } from '../chained-event.ts';
import type { ChainHead, ChainedEvent } from '../chained-event.ts';
import { auditKeyName, checkpointText, originOf, signedNote, verifierKey } from '../checkpoint.ts';
import { exportedEvent, logVersion } from '../exported-log.ts';
import type { ExportedLine } from '../exported-log.ts';
import { growingTree, leafHash } from '../merkle.ts';
import { nodeHashing } from '../node-hashing.ts';

// Logs as an installation exports them, made without one.

const { sha256 } = nodeHashing;
const actor = { type: 'system', reason: 'test' } as const;
const began = Date.UTC(2026, 10, 20);

export type MadeKey = ReturnType<typeof makeKey>;

export function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const key = { name: auditKeyName(sha256, raw), publicKey: raw };
  const signed = (text: string) =>
    signedNote(sha256, text, { ...key, signature: sign(null, utf8Bytes(text), privateKey) });
  const note = (org: string, head: { size: number; root: Uint8Array }) =>
    signed(checkpointText({ origin: originOf(org), ...head }));
  return { key, line: verifierKey(sha256, key), note, signed };
}

export type LogPlan = {
  org?: string;
  key: MadeKey;
  /** Between one head and the next: which streams get which payloads, in this order. */
  seals: Iterable<{ stream: string; kind?: string; payloads: unknown[] }[]>;
};

type Next = { org: string; stream: string; head: ChainHead; kind: string };

function chained({ kind, ...at }: Next, payload: unknown): ChainedEvent {
  const seq = at.head.seq + 1;
  const salt = sha256(utf8Bytes(`${at.stream}/${seq}`)).subarray(0, 16);
  return chainEvent(at, { kind, at: new Date(began + seq), actor, payload, salt });
}

/** The lines of a log, one at a time: what is kept of it is its streams' heads. */
export function* madeLog({ org = 'org_1', key, seals }: LogPlan): Generator<ExportedLine> {
  const heads = new Map<string, ChainHead>();
  const tree = growingTree(sha256);
  yield { type: 'log', v: logVersion, org, keys: [key.line] };
  for (const seal of seals) {
    for (const { stream, payloads, kind = 'message.added' } of seal) {
      for (const payload of payloads) {
        const event = chained({ org, stream, kind, head: heads.get(stream) ?? chainStart }, payload);
        heads.set(stream, event);
        yield exportedEvent({ leaf: tree.size(), stream }, event);
        tree.append(leafHash(sha256, event.hash));
      }
    }
    yield { type: 'head', note: key.note(org, { size: tree.size(), root: tree.root() }) };
  }
  for (const [stream, { seq, hash }] of [...heads].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield { type: 'stream', stream, kind: 'run', subject: `run of ${stream}`, seq, hash: hex(hash) };
  }
  yield { type: 'end', events: tree.size() };
}
