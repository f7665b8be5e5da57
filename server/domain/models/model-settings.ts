import { z } from 'zod';
import { protocols } from './model-spec.ts';

/** The connection every org has: Anthropic itself, with the org's own key or the one the server was started with. */
export const anthropicId = 'anthropic';

/** A provider an org has connected. Its key is a secret of the org and not in here. */
const connection = z.object({
  id: z.string(),
  name: z.string(),
  protocol: z.enum(protocols),
  baseUrl: z.string(),
  /** Connected by the installation's operator: it may lead to this machine and into private networks. */
  byOperator: z.boolean(),
  /** The names its provider listed when it was connected; empty where it lists none. */
  offers: z.array(z.string()),
});
export type Connection = z.infer<typeof connection>;

/** µ$ per million tokens. */
const ownPrices = z.object({
  input: z.int().nonnegative(),
  output: z.int().nonnegative(),
  cacheRead: z.int().nonnegative(),
  cacheWrite: z.int().nonnegative(),
});

/** A model that an org told Fleet of, or the price it pays for a known one. */
export const ownModel = z.object({
  connectionId: z.string(),
  model: z.string(),
  contextTokens: z.int().positive(),
  maxOutputTokens: z.int().positive(),
  images: z.boolean(),
  thinking: z.boolean(),
  /** Zeros: declared to cost nothing. */
  prices: ownPrices,
});
export type OwnModel = z.infer<typeof ownModel>;

/** A model behind a connection. */
export const modelRef = z.object({ connectionId: z.string(), model: z.string() });
export type ModelRef = z.infer<typeof modelRef>;

/** Which models an org uses, as stored. */
export const modelSettings = z.object({
  connections: z.array(connection),
  models: z.array(ownModel),
  /** Null: Claude, by the role's tier. */
  default: modelRef.nullable(),
  /** Takes over a run whose model is overloaded. */
  fallback: modelRef.nullable(),
  /** By role name; before the default. */
  roles: z.record(z.string(), modelRef),
});
export type ModelSettings = z.infer<typeof modelSettings>;

export const noModelSettings: ModelSettings = { connections: [], models: [], default: null, fallback: null, roles: {} };

export const isSame = (a: ModelRef, b: ModelRef): boolean => a.connectionId === b.connectionId && a.model === b.model;
