import { domainOf } from '../sso/mail-domain.ts';

/** Who may have an account here that has none yet. Whoever has one signs in under each. */
export type SignUpPolicy =
  /** Whoever can read a mailbox. */
  | { kind: 'open' }
  /** Whoever has an address of these domains, and whom an org waits for. */
  | { kind: 'domains'; domains: readonly string[] }
  /** Whom an org waits for: it invited the address, or takes in whoever has one of its proven domain. */
  | { kind: 'invited' }
  | { kind: 'closed' };

/** `awaited`: an org waits for this address. */
export function maySignUp(policy: SignUpPolicy, { email, awaited }: { email: string; awaited: boolean }): boolean {
  switch (policy.kind) {
    case 'open':
      return true;
    case 'domains':
      return awaited || policy.domains.includes(domainOf(email));
    case 'invited':
      return awaited;
    case 'closed':
      return false;
  }
}

/** Whether whoever has an account may make orgs too. Otherwise the operator alone does, and guests stay guests. */
export function everybodyMakesOrgs({ kind }: SignUpPolicy): boolean {
  return kind === 'open' || kind === 'domains';
}
