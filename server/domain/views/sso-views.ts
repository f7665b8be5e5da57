import type { JoinRole } from '../sso/sso-rules.ts';

export type DomainView = {
  id: string;
  domain: string;
  /** The TXT record that proves it. */
  recordName: string;
  recordText: string;
  proven: boolean;
  /** Its record was there and is gone. */
  lost: boolean;
  joinAs: JoinRole | null;
};

/** How people of an org sign in, for its owners. */
export type SsoView = {
  /** What the identity provider has to be told. */
  redirectUri: string;
  /** The name in the addresses of signing in. */
  path: string;
  provider: { issuer: string; clientId: string } | null;
  required: boolean;
  /** The viewer came by the org's identity provider as it is set now. */
  cameBySso: boolean;
  domains: DomainView[];
};
