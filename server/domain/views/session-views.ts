/** One of a person's own sessions. `usedAt` is true to a minute; null before the first use. */
export type SessionView = {
  id: string;
  device: string;
  address: string | null;
  createdAt: string;
  usedAt: string | null;
  expiresAt: string;
  /** The one that asks. */
  isThis: boolean;
};
