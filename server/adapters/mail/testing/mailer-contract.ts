import { expect, it } from 'vitest';
import { AppError } from '../../../domain/errors.ts';
import type { Mail, Mailer } from '../../../domain/ports/mailer.ts';

export type MailerUnderTest = { mailer: Mailer; received(): Promise<Mail[]>; breakDown(): Promise<void> };

/** What every Mailer does, whatever carries the mail. */
export function mailerContract(make: () => Promise<MailerUnderTest>): void {
  it('delivers address, subject and text as they were given', async () => {
    const { mailer, received } = await make();
    const mail = {
      to: 'someone@example.com',
      subject: 'Anmelden bei Fleet – ✓',
      text: `Grüße\n\n.leading dot\n${'https://fleet.example.com/x?'.padEnd(400, 'a')}\nend`,
    };
    await mailer.send(mail);
    expect(await received()).toEqual([mail]);
  });

  it.each([
    'no-address',
    'a@example.com, b@example.com',
    'a@example.com\nBcc: b@example.com',
    'Name <a@example.com>',
    'a@example.com;b@example.com',
  ])('refuses %j and sends nothing', async (to) => {
    const { mailer, received } = await make();
    await expect(mailer.send({ to, subject: 'x', text: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await received()).toEqual([]);
  });

  it('a line break in the subject adds no header', async () => {
    const { mailer, received } = await make();
    await mailer.send({ to: 'a@example.com', subject: 'one\r\nBcc: b@example.com', text: 'x' });
    expect((await received()).map(({ to }) => to)).toEqual(['a@example.com']);
  });

  it('says so when the mail is not taken', async () => {
    const { mailer, breakDown } = await make();
    await breakDown();
    const sending = mailer.send({ to: 'a@example.com', subject: 'x', text: 'x' });
    await expect(sending).rejects.toBeInstanceOf(AppError);
    await expect(sending).rejects.toMatchObject({ code: 'unavailable' });
  });
}
