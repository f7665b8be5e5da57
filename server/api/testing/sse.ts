export type Sse = { id: string | null; event: string | null; data: unknown };

type Opened = { status: number; contentType: string; messages: AsyncGenerator<Sse> };

/** Opens a subscription as a browser does: GET, input in the address, Last-Event-ID in a header when it reconnects. */
export async function openSse(
  { url, cookie }: { url: string; cookie: string },
  path: string,
  { input, lastEventId, signal }: { input: object; lastEventId?: string | null; signal?: AbortSignal },
): Promise<Opened> {
  const address = new URL(`${url}/api/trpc/${path}`);
  address.searchParams.set('input', JSON.stringify({ json: input }));
  const headers: Record<string, string> = { cookie, accept: 'text/event-stream' };
  if (lastEventId) headers['last-event-id'] = lastEventId;
  const response = await fetch(address, { headers, signal: signal ?? null });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    messages: messages(response),
  };
}

async function* messages(response: Response): AsyncGenerator<Sse> {
  let pending = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    pending += decoder.decode(chunk, { stream: true });
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      const block = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (block.trim() !== '') yield parsed(block);
    }
  }
}

function parsed(block: string): Sse {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  const data = field('data');
  return { id: field('id'), event: field('event'), data: data === null || data === '' ? null : unwrapped(data) };
}

/** superjson's envelope, for values that are plain JSON. */
function unwrapped(data: string): unknown {
  const value = JSON.parse(data) as unknown;
  return typeof value === 'object' && value !== null && 'json' in value ? value.json : value;
}
