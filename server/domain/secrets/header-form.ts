import { z } from 'zod';

/** The one header that may carry a secret, and what it says with the secret in the place of `{}`. */
export type HeaderForm = { header: string; text: string };

const written = /^([A-Za-z][A-Za-z0-9-]{0,60}): ([\x20-\x7e]{0,200}\{\}[\x20-\x7e]{0,200})$/;

/** Headers that say where a request goes, how long it is or what becomes of the connection. */
const notOurs = new Set([
  ...['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect'],
  ...['proxy-authorization', 'proxy-connection', 'accept-encoding'],
]);

export const defaultHeaderForm = 'Authorization: Bearer {}';

/** `Name: text with {}` as people write it. */
export const headerFormText = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const [, header = '', rest = ''] = written.exec(text) ?? [];
    const once = rest.split('{}').length === 2;
    if (!once) {
      const message = `Write the header as it is sent, with {} for the secret, for example: ${defaultHeaderForm}`;
      context.addIssue({ code: 'custom', message });
    } else if (notOurs.has(header.toLowerCase())) {
      context.addIssue({
        code: 'custom',
        message: `The header ${header} belongs to the connection. Take another one.`,
      });
    }
  });

/** Reads what `headerFormText` has let through. */
export function readHeaderForm(text: string): HeaderForm {
  const [, header = '', rest = ''] = written.exec(text) ?? [];
  return { header, text: rest };
}

const basic = /^basic /i;

/** The header's content with the secret in it. What follows `Basic` goes in base64, as that scheme has it. */
export function writeHeader({ text }: HeaderForm, value: string): string {
  const full = text.replace('{}', () => value);
  if (!basic.test(full)) return full;
  return `${full.slice(0, 6)}${Buffer.from(full.slice(6), 'latin1').toString('base64')}`;
}

/** Whether a header as a client wrote it holds the placeholder, in the open or in base64 behind `Basic`. */
export function holdsPlaceholder(content: string, placeholder: string): boolean {
  if (content.includes(placeholder)) return true;
  const [, coded] = /^basic\s+([a-z0-9+/=]+)$/i.exec(content) ?? [];
  return coded !== undefined && Buffer.from(coded, 'base64').toString('latin1').includes(placeholder);
}
