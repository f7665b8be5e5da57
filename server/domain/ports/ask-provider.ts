import type { Protocol } from '../models/model-spec.ts';

export type ProviderAnswer =
  /** It knows the key and lists these models; none where it lists none. */
  | { kind: 'accepted'; models: string[] }
  | { kind: 'rejected' }
  /** The address leads where only the operator may lead Fleet. */
  | { kind: 'not_allowed' }
  | { kind: 'unreachable'; why: string };

/** Calls a model provider once, at no cost: whether it is there, knows the key, and which models it lists. */
export type AskProvider = (asked: {
  protocol: Protocol;
  baseUrl: string;
  key: string | null;
  byOperator: boolean;
}) => Promise<ProviderAnswer>;
