import { AppError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { plainAddress } from './plain-address.ts';

type Row = { id: string; to: string; subject: string; text: string; sentAt: Date };

/** Where the outbox keeps its mail: the table that the operator's page reads. */
export type OutboxTable = { create(row: { data: Row }): PromiseLike<unknown> };

/** Stands in for an SMTP server on a machine that has none: mail is kept as rows for the operator to read. */
export function outboxMailer(deps: { table: OutboxTable; newId: () => string; clock: Clock }): Mailer {
  return {
    async send({ to, subject, text }) {
      const row = { id: deps.newId(), to: plainAddress(to), subject, text, sentAt: deps.clock.now() };
      try {
        await deps.table.create({ data: row });
      } catch {
        throw new AppError('unavailable', 'The mail could not be kept: the database did not take it. Try again.');
      }
    },
  };
}
