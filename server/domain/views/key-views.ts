/** `usedAt` is true to a minute. */
export type KeyView = {
  id: string;
  prefix: string;
  scopes: string[];
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  usedAt: string | null;
  state: 'good' | 'expired' | 'revoked';
};

export type ServiceAccountView = {
  id: string;
  name: string;
  createdBy: string;
  createdAt: string;
  retiredAt: string | null;
  keys: KeyView[];
};

/** What a key says of itself to whoever holds it. */
export type KeySelfView = {
  org: string;
  orgName: string;
  serviceAccount: string;
  prefix: string;
  scopes: string[];
  expiresAt: string;
};
