import { z } from 'zod';

/** An account of an org's own at E2B, or at an installation of it. */
export type SandboxAccount = { domain: string; template: string; apiKey: string };

const baseUrl = /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::\d{1,5})?)\/?$/u;

/** As people type it. Its address is the domain that the service's own names begin in front of. */
export const sandboxAccountEntry = z.object({
  baseUrl: z
    .string()
    .trim()
    .toLowerCase()
    .regex(baseUrl, 'Type the address of the service and nothing behind it, for example https://e2b.app.')
    .transform((url) => baseUrl.exec(url)![1]!),
  template: z
    .string()
    .trim()
    .regex(/^[\w.:/-]{1,200}$/u, 'A template has a name of letters, digits, dots, dashes, colons and slashes.'),
  key: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,500}$/u, 'That is not an API key: copy it again, whole and without spaces.'),
});
export type SandboxAccountEntry = z.input<typeof sandboxAccountEntry>;

export const baseUrlOf = (domain: string) => `https://${domain}`;
