import type { ModelStatusView } from '../../domain/views/views.ts';

/** Which model answers, in words. The org's own key goes before the server's. */
export function modelStatus(has: { keyHint: string | null; environmentModelKey: boolean }): ModelStatusView {
  if (has.keyHint !== null) {
    return {
      kind: 'anthropic',
      source: 'org_key',
      hint: has.keyHint,
      sentence: `Claude answers, paid by this org’s own key ending in ${has.keyHint}.`,
    };
  }
  if (has.environmentModelKey) {
    return {
      kind: 'anthropic',
      source: 'environment',
      hint: null,
      sentence: 'Claude answers, paid by the key this server was started with.',
    };
  }
  return {
    kind: 'scripted',
    source: 'none',
    hint: null,
    sentence: 'Scripted model: there is no model key, so only the sample task can be started. Save a key in Settings.',
  };
}
