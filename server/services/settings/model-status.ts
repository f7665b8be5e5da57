import type { ModelStatusView } from '../../domain/views/views.ts';

type Has = {
  keyHint: string | null;
  environmentModelKey: boolean;
  /** The org's default model, where it is another provider's. */
  connected?: { model: string; name: string } | null;
};

/** Which model answers, in words. What the org has chosen goes first, then its own key for Anthropic, then the server's. */
export function modelStatus(has: Has): ModelStatusView {
  const status = anthropicStatus(has);
  if (!has.connected) return status;
  const { model, name } = has.connected;
  return {
    ...status,
    kind: 'connected',
    sentence: `${model} answers through ${name}, unless a role has a model of its own.`,
  };
}

function anthropicStatus(has: Has): ModelStatusView {
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
    sentence:
      'Scripted model: there is no model key, so only the sample task can be started. Save a key or connect another provider in Settings.',
  };
}
