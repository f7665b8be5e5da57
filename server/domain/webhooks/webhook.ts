import { z } from 'zod';
import { parseLogFilter } from '../audit/log-filter.ts';
import { AppError } from '../errors.ts';

/** What a person says of a webhook. `filter` is in the words of the log's filter, without times. */
export const webhookEntry = z
  .object({
    url: z
      .string()
      .trim()
      .max(2000)
      .refine((text) => URL.canParse(text) && isCallable(new URL(text)), {
        message: 'Write an https address such as https://hooks.example.com/fleet, without a user name or fragment',
      }),
    filter: z.string().trim().max(500),
    sendsEvents: z.boolean(),
    sendsHeads: z.boolean(),
  })
  .refine(({ sendsEvents, sendsHeads }) => sendsEvents || sendsHeads, {
    message: 'Say what is sent: events, signed heads, or both',
  });
export type WebhookEntry = z.infer<typeof webhookEntry>;

const isCallable = ({ protocol, hostname, username, password, hash }: URL) =>
  ['https:', 'http:'].includes(protocol) && hostname !== '' && `${username}${password}${hash}` === '';

/** Where it leads, without path and query: some services have their secret there. */
export const placeOfWebhook = (url: string) => new URL(url).origin;

/** Throws AppError `invalid_input` for what is no filter, or one of a stretch of time: what is sent goes on. */
export function assertStreamFilter(filter: string): void {
  const { after, before } = parseLogFilter(filter);
  if (after.length + before.length === 0) return;
  throw new AppError('invalid_input', 'A webhook gets what happens from now on. Leave out after: and before:.');
}

/** That events were queued is told to no webhook: each telling would be another event to tell. */
export const untoldKind = 'webhook.queued';

/** Kinds of messages that are no events. */
export const headMessage = 'audit.head';
export const testMessage = 'webhook.test';

/** What goes out in order of their own beside the streams. */
export const headLane = 'heads';
export const testLane = 'tests';
