import type { SandboxAccount } from '../engines/sandbox-account.ts';

export type SandboxServiceAnswer =
  | { kind: 'accepted' }
  | { kind: 'rejected' }
  /** The address leads where only the operator may lead Fleet. */
  | { kind: 'not_allowed' }
  | { kind: 'unreachable'; why: string };

/** Calls a service that rents machines once, at no cost: whether it is there and knows the key. */
export type AskSandboxService = (account: SandboxAccount) => Promise<SandboxServiceAnswer>;
