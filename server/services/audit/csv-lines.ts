import { stringify } from 'csv-stringify/sync';
import type { LeafRow } from '../../db/read-leaves.ts';
import { hex } from '../../domain/audit/bytes.ts';
import { parseHeader } from '../../domain/audit/chained-event.ts';
import { readTombstone } from '../../domain/audit/tombstone.ts';
import type { Actor } from '../../domain/events/actor.ts';

const columns = ['leaf', 'at', 'kind', 'actor', 'log', 'subject', 'stream', 'seq', 'hash', 'payload'] as const;

/** For tables: what a program would run as a formula is kept as text. */
const form = { escape_formulas: true, record_delimiter: 'windows' } as const;

/** The first line, behind the mark by which Excel knows UTF-8. */
export const csvHeading = (): string => stringify([[...columns]], { ...form, bom: true });

export function csvLines(leaves: LeafRow[]): string {
  const rows = leaves.map(({ leaf, at, kind, header, log, subject, stream, seq, hash, payload, tombstone }) => {
    const by = parseHeader(header)?.actor;
    const text = typeof tombstone === 'string' ? erasedText(tombstone) : new TextDecoder().decode(payload);
    return [leaf, at.toISOString(), kind, by ? actorOf(by) : '', log, subject, stream, seq, hex(hash), text];
  });
  return stringify(rows, form);
}

function erasedText(tombstone: string): string {
  const stone = readTombstone(tombstone);
  return stone ? `[erased by ${actorOf(stone.actor)} at ${stone.at}: ${stone.reason}]` : '[erased]';
}

function actorOf(actor: Actor): string {
  if (actor.type === 'user') return actor.userId;
  if (actor.type === 'service-account') return actor.serviceAccountId;
  return actor.type === 'agent-run' ? actor.runId : `fleet: ${actor.reason}`;
}
