import type { OwnModel } from '../../server/domain/models/model-settings.ts';
import type { ModelOptionView } from '../../server/domain/views/model-views.ts';

const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

function numberIn(form: FormData, name: string): number | null {
  const text = String(form.get(name) ?? '').trim();
  return text === '' ? null : Number(text);
}

/** A price as typed, in µ$. An empty cache price is the input's: no provider asks more without saying so. */
function pricesIn(form: FormData): OwnModel['prices'] | null {
  if (form.get('free') !== null) return nothing;
  const input = numberIn(form, 'input');
  const output = numberIn(form, 'output');
  const typed = {
    input,
    output,
    cacheRead: numberIn(form, 'cacheRead') ?? input,
    cacheWrite: numberIn(form, 'cacheWrite') ?? input,
  };
  const micros = Object.entries(typed).map(
    ([name, dollars]) => [name, Math.round((dollars ?? Number.NaN) * 1e6)] as const,
  );
  if (micros.some(([, value]) => !Number.isFinite(value) || value < 0)) return null;
  return Object.fromEntries(micros) as OwnModel['prices'];
}

/** What a person typed of a model. For a known one, `option`, only the price is asked. */
export function readModelForm(form: FormData, option: ModelOptionView | null): OwnModel | { problem: string } {
  const prices = pricesIn(form);
  if (!prices) return { problem: 'Type prices as numbers, such as 2.50. Zero is typed by ticking “It costs nothing”.' };
  if (option) {
    const { connectionId, model, contextTokens, maxOutputTokens, images, thinking } = option;
    return { connectionId, model, contextTokens, maxOutputTokens, images, thinking, prices };
  }
  const contextTokens = numberIn(form, 'context') ?? 0;
  const maxOutputTokens = numberIn(form, 'reply') ?? 0;
  if (![contextTokens, maxOutputTokens].every((tokens) => Number.isInteger(tokens) && tokens > 0)) {
    return { problem: 'Type sizes as whole numbers of tokens, such as 131072.' };
  }
  return {
    connectionId: String(form.get('connectionId') ?? ''),
    model: String(form.get('model') ?? '').trim(),
    contextTokens,
    maxOutputTokens,
    images: form.get('images') !== null,
    thinking: false,
    prices,
  };
}
