import type { ModelRef } from '../models/model-settings.ts';
import type { Protocol } from '../models/model-spec.ts';

/** A model that may be chosen or priced, behind a connection. Prices are µ$ per million tokens, of the smallest prompt band. */
export type ModelOptionView = {
  connectionId: string;
  model: string;
  /** As its maker calls it; the model's id where Fleet does not know it. */
  name: string;
  contextTokens: number;
  maxOutputTokens: number;
  images: boolean;
  thinking: boolean;
  prices: { input: number; output: number; cacheRead: number; cacheWrite: number } | null;
  /** Set by this org, and not a list price. */
  own: boolean;
};

export type ModelsView = {
  connections: {
    id: string;
    name: string;
    protocol: Protocol;
    baseUrl: string;
    hint: string | null;
    /** Listed by the provider, whether or not they can be chosen yet. */
    offers: string[];
  }[];
  options: ModelOptionView[];
  default: ModelRef | null;
  fallback: ModelRef | null;
  roles: {
    name: string;
    title: string;
    chosen: ModelRef | null;
    /** The model that answers now, or null with why none does. */
    model: string | null;
    why: string | null;
  }[];
};
