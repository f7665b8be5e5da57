import { Agent, get, type IncomingMessage } from 'node:http';
import { answering } from './child.ts';

// Many viewers in one process, each with a connection of its own, each counting what it is sent.

type Open = { open: number; url: string; cookie: string };
type Question = Open | { until: number; seconds: number } | 'close';
type Viewer = { last: number; got: number; doubled: number; rest: string; response: IncomingMessage };

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
let viewers: Viewer[] = [];

function take(viewer: Viewer, chunk: string): void {
  const text = viewer.rest + chunk;
  const end = text.lastIndexOf('\n') + 1;
  viewer.rest = text.slice(end);
  for (const [, id] of text.slice(0, end).matchAll(/^id: (\d+)$/gm)) {
    const seq = Number(id);
    viewer.got += 1;
    if (seq <= viewer.last) viewer.doubled += 1;
    viewer.last = Math.max(viewer.last, seq);
  }
}

function openOne({ url, cookie }: Open): Promise<Viewer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { cookie, accept: 'text/event-stream' } }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`A viewer was answered ${response.statusCode}.`));
      const viewer: Viewer = { last: 0, got: 0, doubled: 0, rest: '', response };
      response.setEncoding('utf8').on('data', (chunk: string) => take(viewer, chunk));
      response.on('error', () => undefined);
      return resolve(viewer);
    });
    request.on('error', reject);
  });
}

async function open(question: Open): Promise<void> {
  for (let n = 0; n < question.open; n += 50) {
    viewers.push(...(await Promise.all(Array.from({ length: 50 }, () => openOne(question)))));
  }
}

/** What everybody has got once the last of them has that event, or the time is over. */
async function wait({ until, seconds }: { until: number; seconds: number }) {
  const began = performance.now();
  while (viewers.some(({ last }) => last < until) && performance.now() - began < seconds * 1_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const sum = (of: (viewer: Viewer) => number) => viewers.reduce((total, viewer) => total + of(viewer), 0);
  return { got: sum(({ got }) => got), doubled: sum(({ doubled }) => doubled) };
}

function close(): void {
  for (const { response } of viewers) response.destroy();
  viewers = [];
}

process.send?.({});
answering((question: Question) => {
  if (question === 'close') return close();
  return 'open' in question ? open(question) : wait(question);
});
