import { createHmac } from 'node:crypto';

// The form is that of Standard Webhooks (standardwebhooks.com): libraries that check it exist for many languages.

const secretPrefix = 'whsec_';

export const webhookSecret = (bytes: Uint8Array) => `${secretPrefix}${Buffer.from(bytes).toString('base64')}`;

type Message = { id: string; at: Date; body: string };

/** The headers that prove a message: one signature for each secret that holds. */
export function signedHeaders(secrets: readonly string[], { id, at, body }: Message): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
