import type pg from 'pg';

/** Our own SQL on a connection of one org. For this folder only: outside of it, an org's rows are met through Prisma. */
export type Raw = {
  orgId: string;
  /** True inside a transaction, false where each statement commits by itself. */
  inTransaction: boolean;
  query<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<R[]>;
  /** Says that a stream got events: listeners are woken once it is committed. */
  touched(streamId: string): void;
};

const raws = new WeakMap<object, Raw>();

export function setRaw(db: object, raw: Raw): void {
  raws.set(db, raw);
}

export function rawOf(db: object): Raw {
  const raw = raws.get(db);
  if (!raw) throw new Error('this needs a client of database.org or database.transaction, of which it is not one');
  return raw;
}
