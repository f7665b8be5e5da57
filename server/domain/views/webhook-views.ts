/** `url` is whole for those who may change it, and its origin for others. */
export type WebhookView = {
  id: string;
  url: string;
  filter: string;
  sendsEvents: boolean;
  sendsHeads: boolean;
  deliveredAt: string | null;
  failingSince: string | null;
  problem: string | null;
  disabledAt: string | null;
  /** Until then the secret before this one signs too. */
  earlierUntil: string | null;
  waiting: number;
  dead: number;
  /** Events that are sealed and not looked at yet. */
  behind: number;
  /** The last ones that were sent or given up, the latest first. */
  last: WebhookDeliveryView[];
};

export type WebhookDeliveryView = {
  id: string;
  kind: string;
  /** Its place in the log; null of what is no event. */
  event: { streamId: string; seq: number } | null;
  state: 'pending' | 'delivered' | 'dead';
  tries: number;
  dueAt: string;
  problem: string | null;
  queuedAt: string;
  endedAt: string | null;
};
