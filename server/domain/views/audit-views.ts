import type { RetentionKind } from '../audit/retention.ts';
import type { Actor } from '../events/actor.ts';

/** A signed head of an org's log. `note` is what was signed with its signature; `keys` are verifier keys. */
export type HeadView = { size: number; root: string; at: string; note: string; keys: string[] };

/** That the event whose hash is `hash` is the leaf `leaf`. `proof` are sibling hashes, the lowest first, in hex. */
export type EventProofView = { leaf: number; hash: string; proof: string[]; head: HeadView };

/** That the tree of an earlier size is how the head's tree began. */
export type GrowthProofView = { proof: string[]; head: HeadView };

/**
 * An event of any stream. `person` names who did it where that is a person or a service account; `actor` is null where the header cannot
 * be read, `payload` where it is longer than what was asked for shows (`bytes` says how long).
 */
export type LogEventView = {
  streamId: string;
  seq: number;
  kind: string;
  at: string;
  /** Whose stream it is, and of what. */
  log: 'org' | 'run';
  subject: string;
  hash: string;
  bytes: number;
  actor: Actor | null;
  person: string | null;
  payload: unknown;
  /** By whom, when and why the payload was erased; then `payload` is what is left. */
  erased: { by: string; at: string; reason: string } | null;
};

/** Null `next`: the search came to the beginning of the log. `reached` is the time down to which it looked. */
export type LogPageView = { events: LogEventView[]; next: string | null; reached: string | null };

export type LogStandingView = { events: number; verified: { at: string; ok: boolean } | null };

/** What can stand in a filter of this org, for completion. */
export type LogWordsView = {
  kinds: string[];
  actors: string[];
  repos: string[];
  tasks: { number: number; title: string }[];
};

export type SavedFilterView = { id: string; name: string; filter: string; by: string };

/** `floor`: for how many days records stay at least. `due`: events whose time is over by now. */
export type RetentionView = {
  floor: number;
  kinds: { kind: RetentionKind; days: number | null; before: string | null; due: number }[];
  /** `runId` null: all of the org. */
  holds: { id: string; runId: string | null; reason: string; by: string; at: string }[];
};
