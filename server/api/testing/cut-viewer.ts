import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export type SeenEvent = { seq: number; hash: string };
export type Viewing = { seen: SeenEvent[]; cuts: number };

type At = {
  address: string;
  cookie: string;
  /** After how many bytes the next connection is cut. */ bytes: () => number;
};

const agent = new Agent({ keepAlive: false, maxSockets: Infinity });

/**
 * Follows a run over HTTP to its end, cut after so many bytes wherever that is, also within a letter, and whenever the server goes.
 * As a browser does, it believes whole messages only, and comes back for what follows the last of them.
 */
export async function viewToEnd({ address, cookie, bytes }: At, viewing: Viewing): Promise<void> {
  for (;;) {
    const lastEventId = viewing.seen.at(-1)?.seq;
    const headers = {
      ...{ cookie, accept: 'text/event-stream' },
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    const response = await opened(address, headers);
    const ending = response === null ? 'refused' : await readOn(response, bytes(), viewing);
    if (ending === 'over') return;
    viewing.cuts += 1;
    // As the page does: who is refused, because too many ask or the server is away, does not ask again at once.
    await pause(ending === 'refused' ? 1_000 : 20);
  }
}

/** Null where the server is away. */
function opened(address: string, headers: Record<string, string | number>): Promise<IncomingMessage | null> {
  return new Promise((resolve) => {
    get(address, { agent, headers }, resolve).on('error', () => resolve(null));
  });
}

async function readOn(
  response: IncomingMessage,
  bytes: number,
  { seen }: Viewing,
): Promise<'over' | 'refused' | 'cut'> {
  let left = bytes;
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk.subarray(0, left)]);
      left -= chunk.length;
      for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
        const message = rest.subarray(0, at).toString('utf8');
        rest = rest.subarray(at + 2);
        if (message.startsWith('event: return')) return 'over';
        if (message.startsWith('event: serialized-error')) return 'refused';
        take(message, seen);
      }
      if (left <= 0) return 'cut';
    }
  } catch {
    // cut by the server
  } finally {
    response.destroy();
  }
  return 'cut';
}

function take(message: string, seen: SeenEvent[]): void {
  const id = /^id: (\d+)$/m.exec(message)?.[1];
  const data = /^data: (.+)$/m.exec(message)?.[1];
  if (id === undefined || data === undefined) return;
  const { hash } = (JSON.parse(data) as { json: SeenEvent }).json;
  seen.push({ seq: Number(id), hash });
}
