import type { AskProvider, ProviderAnswer } from '../../domain/ports/ask-provider.ts';
import { NotPublicError } from '../egress/public-lookup.ts';
import { guardedFetch } from '../model/guarded-fetch.ts';

const mostBytes = 4 * 1024 * 1024;
const mostModels = 500;

/** Not every server lists its models; one that answers so has understood the address. */
const listsNothing = [404, 405, 501];

async function textOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > mostBytes) return '';
  }
  return text;
}

function namesIn(text: string): string[] {
  const parsed = JSON.parse(text) as { data?: unknown };
  const rows: unknown[] = Array.isArray(parsed.data) ? parsed.data : [];
  const names = rows.map((row) => (row as { id?: unknown } | null)?.id);
  const plain = names.filter((name): name is string => typeof name === 'string' && name.length <= 200);
  // Gemini's compatible endpoint lists names with the path it does not want back.
  return plain.map((name) => name.replace(/^models\//, '')).slice(0, mostModels);
}

async function read(answer: Response): Promise<ProviderAnswer> {
  if (answer.status === 401 || answer.status === 403) return { kind: 'rejected' };
  if (listsNothing.includes(answer.status)) return { kind: 'accepted', models: [] };
  if (!answer.ok) return { kind: 'unreachable', why: `it answered ${answer.status}` };
  try {
    return { kind: 'accepted', models: namesIn(await textOf(answer)) };
  } catch {
    return { kind: 'unreachable', why: 'it did not answer in JSON' };
  }
}

function wordsOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message.slice(0, 200) : 'no answer';
}

/** Lists a provider's models with the key. Redirects are not followed: they would carry the key elsewhere. */
export function askProvider({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): AskProvider {
  return async ({ protocol, baseUrl, key, byOperator }) => {
    const call = byOperator ? fetch : guardedFetch();
    const isAnthropic = protocol === 'anthropic';
    const url = isAnthropic ? `${baseUrl}/v1/models?limit=1000` : `${baseUrl}/models`;
    const headers = new Headers(isAnthropic ? { 'anthropic-version': '2023-06-01' } : {});
    if (key !== null) headers.set(isAnthropic ? 'x-api-key' : 'authorization', isAnthropic ? key : `Bearer ${key}`);
    try {
      const answer = await call(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      const said = await read(answer);
      await answer.body?.cancel().catch(() => {});
      return said;
    } catch (error) {
      if (error instanceof NotPublicError) return { kind: 'not_allowed' };
      return { kind: 'unreachable', why: wordsOf(error) };
    }
  };
}
