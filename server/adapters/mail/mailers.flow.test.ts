import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../db/new-id.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { mailerContract } from './testing/mailer-contract.ts';
import { noMail } from './no-mail.ts';
import { outboxMailer } from './outbox.ts';
import { smtpSink } from './testing/smtp-sink.ts';
import { smtpMailer } from './smtp.ts';

describe('smtp', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sink) => sink.close()));
  });

  mailerContract(async () => {
    const sink = await smtpSink();
    open.push(sink);
    return {
      mailer: smtpMailer({ url: sink.url, from: 'Fleet <fleet@example.com>' }),
      received: async () => sink.mails,
      breakDown: () => sink.close(),
    };
  });
});

describe('outbox', () => {
  let tested: TestDatabase;
  beforeAll(async () => {
    tested = await testDatabase();
  });
  beforeEach(() => tested.database.system.outboxMail.deleteMany());

  mailerContract(async () => {
    const { system } = tested.database;
    const clock = { now: () => new Date('2026-01-01T00:00:00Z'), elapsed: () => 0, sleep: async () => undefined };
    let table: Parameters<typeof outboxMailer>[0]['table'] = system.outboxMail;
    return {
      mailer: outboxMailer({ table: { create: (row) => table.create(row) }, newId: () => newId('mail'), clock }),
      received: async () => {
        const rows = await system.outboxMail.findMany({ orderBy: { sentAt: 'asc' } });
        return rows.map(({ to, subject, text }) => ({ to, subject, text }));
      },
      breakDown: async () => {
        table = { create: () => Promise.reject(new Error('the database is gone')) };
      },
    };
  });
});

it('an installation that is published without SMTP says what to set', async () => {
  const sending = noMail().send({ to: 'a@example.com', subject: 'x', text: 'x' });
  await expect(sending).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('SMTP_URL') });
});
