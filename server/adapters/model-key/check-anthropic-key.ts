import type { ModelKeyCheck } from '../../domain/ports/model-key-check.ts';

/** Lists one model with the key: costs nothing, and the answer tells whether the provider knows the key. */
export function anthropicKeyCheck({
  baseUrl,
  timeoutMs = 8_000,
}: {
  baseUrl: string;
  timeoutMs?: number;
}): ModelKeyCheck {
  return async (key) => {
    try {
      const answer = await fetch(`${baseUrl}/v1/models?limit=1`, {
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.ok) return 'accepted';
      return answer.status === 401 || answer.status === 403 ? 'rejected' : 'unreachable';
    } catch {
      return 'unreachable';
    }
  };
}
