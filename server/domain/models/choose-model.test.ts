import { describe, expect, it } from 'vitest';
import { chooseModel, type ModelSupply } from './choose-model.ts';
import { anthropicId, noModelSettings, type Connection, type ModelSettings } from './model-settings.ts';
import { priceRowsOf } from './model-spec.ts';
import { knownModel, knownModels } from './registry.ts';

const now = new Date('2026-11-20T00:00:00Z');
const local: Connection = {
  ...{ id: 'mco_1', name: 'Rack', protocol: 'chat-completions', baseUrl: 'http://10.0.0.2/v1' },
  ...{ byOperator: true, offers: [] },
};
const qwen = {
  ...{ connectionId: local.id, model: 'qwen', contextTokens: 32_000, maxOutputTokens: 4_000 },
  ...{ images: false, thinking: false, prices: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } },
};
const ref = (model: string, connectionId: string = anthropicId) => ({ connectionId, model });

function choose(
  settings: Partial<ModelSettings>,
  over: Partial<ModelSupply> = {},
  tier: 'strong' | 'standard' = 'standard',
) {
  const supply: ModelSupply = {
    settings: { ...noModelSettings, ...settings },
    anthropicKey: 'environment',
    listPrices: knownModels.flatMap(priceRowsOf),
    ...over,
  };
  return chooseModel(supply, { name: 'developer', tier }, now);
}

describe('the model of a role', () => {
  it('is Claude by tier where nothing is chosen, and the scripted model without any key', () => {
    expect(choose({})).toMatchObject({ kind: 'model', main: { ref: ref('claude-sonnet-5-5'), connection: null } });
    expect(choose({}, {}, 'strong')).toMatchObject({ main: { ref: ref('claude-opus-5-5') } });
    expect(choose({}, { anthropicKey: null })).toEqual({ kind: 'scripted' });
  });

  it("is the role's own before the default, with the price of the day", () => {
    const chosen = { default: ref('claude-haiku-5-5'), roles: { developer: ref('claude-sonnet-5-5') } };
    expect(choose(chosen)).toMatchObject({
      main: { ref: ref('claude-sonnet-5-5'), prices: [{ cacheReadMicros: 100_000 }] },
    });
    expect(choose({ default: ref('claude-haiku-5-5') })).toMatchObject({
      main: { prices: [{ inputMicros: 100_000 }, {}] },
    });
  });

  it('behind a connection may be an own one, declared to cost nothing, with its own window', () => {
    const settings = { connections: [local], models: [qwen], default: ref('qwen', local.id) };
    expect(choose(settings, { anthropicKey: null })).toMatchObject({
      kind: 'model',
      main: { connection: local, spec: { promptTokens: 28_000, maxOutputTokens: 4_000 }, prices: [{ inputMicros: 0 }] },
    });
  });

  it('has a fallback only where that could run too, and never itself', () => {
    const fallback = ref('claude-opus-5-5');
    expect(choose({ fallback })).toMatchObject({ fallback: { ref: fallback } });
    expect(choose({ fallback, default: fallback })).toMatchObject({ fallback: null });
    expect(choose({ fallback: ref('claude-fable-5-2') })).toMatchObject({ kind: 'model', fallback: null });
  });

  it.each([
    [
      'has no price',
      { default: ref('claude-fable-5-2') },
      {},
      /No price is known for the model claude-fable-5-2.*Set its price under Settings, Model/,
    ],
    [
      'is unknown',
      { default: ref('claude-none-9') },
      {},
      /does not know the model claude-none-9.*context size and its price/,
    ],
    ['has no connection any more', { default: ref('qwen', 'mco_gone') }, {}, /connection for the model qwen is gone/],
    [
      'has no key any more',
      { default: ref('claude-opus-5-5') },
      { anthropicKey: null },
      /key for the model claude-opus-5-5 is gone/,
    ],
    ['is not chosen', { connections: [local] }, { anthropicKey: null }, /No default model is chosen/],
    [
      'speaks another protocol',
      { connections: [local], default: ref('claude-opus-5-5', local.id) },
      {},
      /does not know/,
    ],
  ] as const)('that %s is refused with what to set', (_name, settings, over, why) => {
    const choice = choose(structuredClone(settings) as Partial<ModelSettings>, over);
    expect(choice).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  });
});

describe('the registry', () => {
  it('holds each model once, with prices whose bands end without a limit', () => {
    expect(new Set(knownModels.map(({ id }) => id)).size).toBe(knownModels.length);
    for (const { id, promptTokens, contextTokens, maxOutputTokens, prices } of knownModels) {
      expect(promptTokens, id).toBeLessThanOrEqual(contextTokens - maxOutputTokens);
      for (const { from } of prices) {
        const bands = prices.filter((price) => price.from === from).map(({ promptUpTo }) => promptUpTo);
        expect(bands.at(-1), id).toBeUndefined();
        // Room is made before a prompt grows into the dearer band.
        for (const band of bands.slice(0, -1)) expect(promptTokens, id).toBeLessThanOrEqual(band!);
      }
    }
    expect(knownModel('claude-opus-5-5', 'chat-completions')).toBeNull();
  });
});
