import { describe, expect, it } from 'vitest';
import { readModelForm } from './model-form.ts';

const typed = (fields: Record<string, string>) => {
  const form = new FormData();
  const all = {
    connectionId: 'mco_1',
    model: ' qwen ',
    context: '131072',
    reply: '8192',
    input: '0.2',
    output: '1',
    ...fields,
  };
  for (const [name, value] of Object.entries(all)) form.set(name, value);
  return form;
};

describe('a model as it is typed', () => {
  it('has its prices in µ$, an empty cache price being that of the input', () => {
    expect(readModelForm(typed({ cacheRead: '0.02' }), null)).toEqual({
      ...{ connectionId: 'mco_1', model: 'qwen', contextTokens: 131_072, maxOutputTokens: 8_192 },
      ...{ images: false, thinking: false },
      prices: { input: 200_000, output: 1_000_000, cacheRead: 20_000, cacheWrite: 200_000 },
    });
  });

  it('costs nothing only when that is ticked', () => {
    const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    expect(readModelForm(typed({ free: 'on', input: '', output: '' }), null)).toMatchObject({ prices: nothing });
    expect(readModelForm(typed({ input: '' }), null)).toHaveProperty('problem');
  });

  it.each([
    ['input', 'two'],
    ['output', '-1'],
    ['context', '8k'],
    ['reply', ''],
  ])('%s as %j is told', (name, text) => {
    expect(readModelForm(typed({ [name]: text }), null)).toHaveProperty('problem');
  });
});
