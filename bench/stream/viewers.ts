import { Agent, get, type IncomingMessage } from 'node:http';
import { answering } from './child.ts';

// Many viewers in one process, each with a connection of its own, each counting what it is sent.

type Open = { open: number; url: string; cookie: string };
type Question = Open | { until: number; seconds: number } | 'close';
type Viewer = {
  last: number;
  got: number;
  doubled: number;
  cut: number;
  rest: string;
  response: IncomingMessage | null;
};

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const againMs = 500;
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

/** Comes back for what follows its last event whenever it is cut, as a browser does. */
function connect(viewer: Viewer, { url, cookie }: Open): Promise<void> {
  const headers = { cookie, accept: 'text/event-stream', ...(viewer.last > 0 ? { 'last-event-id': viewer.last } : {}) };
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`A viewer was answered ${response.statusCode}.`));
      Object.assign(viewer, { response, rest: '' });
      response.setEncoding('utf8').on('data', (chunk: string) => take(viewer, chunk));
      response.on('error', () => undefined);
      response.once('close', () => {
        if (!viewers.includes(viewer)) return;
        viewer.cut += 1;
        setTimeout(() => void connect(viewer, { open: 1, url, cookie }).catch(() => undefined), againMs);
      });
      return resolve();
    });
    request.on('error', reject);
  });
}

async function openOne(question: Open): Promise<Viewer> {
  const viewer = { last: 0, got: 0, doubled: 0, cut: 0, rest: '', response: null };
  await connect(viewer, question);
  return viewer;
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
  return { got: sum(({ got }) => got), doubled: sum(({ doubled }) => doubled), cut: sum(({ cut }) => cut) };
}

function close(): void {
  const all = viewers;
  viewers = [];
  for (const { response } of all) response?.destroy();
}

process.send?.({});
answering((question: Question) => {
  if (question === 'close') return close();
  return 'open' in question ? open(question) : wait(question);
});
