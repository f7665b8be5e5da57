export type WebhookRequest = { url: string; headers: Record<string, string>; body: string };

/** `text` is the beginning of what it said; `unsent` where there was no answer, with why. */
export type WebhookAnswer =
  { kind: 'answered'; status: number; retryAfter: string | null; text: string } | { kind: 'unsent'; why: string };

/** Posts to an address that a tenant typed. A redirect is an answer like any other and is not followed. Never rejects. */
export type SendWebhook = (request: WebhookRequest) => Promise<WebhookAnswer>;
