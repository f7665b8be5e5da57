import { pricesInForce } from '../prices/cost.ts';
import type { PriceRow } from '../prices/price.ts';
import type { RoleBody } from '../roles/role-body.ts';
import {
  anthropicId,
  isSame,
  type Connection,
  type ModelRef,
  type ModelSettings,
  type OwnModel,
} from './model-settings.ts';
import type { ModelSpec } from './model-spec.ts';
import { knownModel } from './registry.ts';

/** What an org has to choose from: its settings, the keys for Anthropic itself, and the list prices of the installation. */
export type ModelSupply = {
  settings: ModelSettings;
  anthropicKey: 'org' | 'environment' | null;
  listPrices: readonly PriceRow[];
};

/** A model with all that a run needs of it. `connection` is null for Anthropic itself. */
export type Runnable = { ref: ModelRef; connection: Connection | null; spec: ModelSpec; prices: PriceRow[] };

export type Choice =
  | { kind: 'scripted' }
  | { kind: 'model'; main: Runnable; fallback: Runnable | null }
  /** `why` says what to set. */
  | { kind: 'refused'; why: string };

/** Which Claude answers for a role's tier where the org has chosen nothing. */
const claudeByTier = {
  strong: 'claude-opus-5-5',
  standard: 'claude-sonnet-5-5',
  small: 'claude-haiku-5-5',
} as const satisfies Record<RoleBody['tier'], string>;

export const claudeFor = (tier: RoleBody['tier']): ModelRef => ({
  connectionId: anthropicId,
  model: claudeByTier[tier],
});

const place = 'Settings, Model';
/** Below this an agent's own prompt and one answer would not fit. */
export const leastContextTokens = 16_000;
const leastReplyTokens = 1_024;

function ownSpec({ contextTokens, maxOutputTokens, images, thinking }: OwnModel): ModelSpec {
  const maxOutput = Math.max(leastReplyTokens, Math.min(maxOutputTokens, Math.floor(contextTokens / 2)));
  const promptTokens = contextTokens - maxOutput;
  return { contextTokens, promptTokens, maxOutputTokens: maxOutput, images, thinking, caching: 'none' };
}

function ownRows({ model, prices }: OwnModel): PriceRow[] {
  const { input, output, cacheRead, cacheWrite } = prices;
  const micros = { inputMicros: input, outputMicros: output, cacheReadMicros: cacheRead, cacheWriteMicros: cacheWrite };
  return [{ model, validFrom: new Date(0), promptUpTo: 2_147_483_647, ...micros }];
}

/** `keyless`: the key or the connection is gone, whatever may be known of the model. */
type Unrunnable = { why: string; keyless?: boolean };

/** Why nobody can be asked for that model; null where somebody can. */
function unreachable({ settings, anthropicKey }: ModelSupply, { connectionId, model }: ModelRef): string | null {
  const isThere =
    connectionId === anthropicId ? anthropicKey !== null : findConnection(settings, connectionId) !== null;
  if (isThere) return null;
  const what = connectionId === anthropicId ? 'key' : 'connection';
  return `The ${what} for the model ${model} is gone. Choose another model under ${place}, or connect it again.`;
}

const findConnection = ({ connections }: ModelSettings, connectionId: string): Connection | null =>
  connections.find(({ id }) => id === connectionId) ?? null;

/** What a run on that model needs, or why it cannot be run, with what to set. */
export function runnable(supply: ModelSupply, ref: ModelRef, now: Date): Runnable | Unrunnable {
  const { settings, listPrices } = supply;
  const gone = unreachable(supply, ref);
  if (gone) return { why: gone, keyless: true };
  const connection = findConnection(settings, ref.connectionId);
  const protocol = connection?.protocol ?? 'anthropic';
  const known = knownModel(ref.model, protocol);
  const own = settings.models.find((each) => isSame(each, ref));
  const spec = known ?? (own ? ownSpec(own) : null);
  if (!spec) {
    return {
      why: `Fleet does not know the model ${ref.model}. Add it under ${place}, with its context size and its price.`,
    };
  }
  const prices = own ? ownRows(own) : pricesInForce(listPrices, { model: ref.model, at: now });
  if (prices.length === 0) {
    return {
      why: `No price is known for the model ${ref.model}, so no budget can bound it. Set its price under ${place}; zero is for a model that costs nothing.`,
    };
  }
  return { ref, connection, spec, prices };
}

/** Which model answers for a role from now on. */
export function chooseModel(supply: ModelSupply, role: { name: string; tier: RoleBody['tier'] }, now: Date): Choice {
  const { settings, anthropicKey } = supply;
  const chosen = settings.roles[role.name] ?? settings.default;
  if (!chosen && anthropicKey === null) {
    if (settings.connections.length === 0) return { kind: 'scripted' };
    return { kind: 'refused', why: `No default model is chosen. Choose one under ${place}.` };
  }
  const main = runnable(supply, chosen ?? claudeFor(role.tier), now);
  if ('why' in main) return { kind: 'refused', why: main.why };
  const second =
    settings.fallback && !isSame(settings.fallback, main.ref) ? runnable(supply, settings.fallback, now) : null;
  return { kind: 'model', main, fallback: second && !('why' in second) ? second : null };
}
