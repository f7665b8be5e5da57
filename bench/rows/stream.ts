import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { openBenchDatabase } from '../database.ts';
import type { FigureRow } from '../figures.ts';
import { quantile, type Closing } from '../harness.ts';
import { beside, type Beside, type Used } from '../stream/child.ts';
import { openRun, openWriter, paced, text, type Written } from '../stream/write.ts';
import type { Database } from '../../server/db/connect.ts';

const viewers = 1_000;
const events = 300;
const aSecond = 50;
const commits = 1_000;
const eventsACommit = 5;
const blocks = 6;
const appends = 200;
const patienceSeconds = 240;

type Parts = { database: Database; url: string; ours: Beside; closing: Closing };

/** From the answer to the commit to the browser's handler: both read one machine's clock. */
async function toBrowser({ database, url, closing }: Parts): Promise<number[]> {
  const run = await openRun(database, url);
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), chromiumSandbox: false });
  closing(() => browser.close());
  const context = await browser.newContext();
  const [name = '', value = ''] = run.cookie.split('=');
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  await page.goto(`${url}/a-page`);
  await page.evaluate(watchStream, run.address);
  const committed = new Map<number, number>();
  await paced(commits, 100, async () => {
    const last = await run.append(eventsACommit);
    for (let n = 0; n < eventsACommit; n += 1) committed.set(last - n, performance.timeOrigin + performance.now());
  });
  const all = commits * eventsACommit;
  await page.waitForFunction((wanted) => (window as unknown as Seen).seen.length >= wanted, all, { timeout: 120_000 });
  const seen = await page.evaluate(() => (window as unknown as Seen).seen);
  await context.close();
  const seqs = seen.map(([seq]) => seq);
  if (seqs.some((seq, n) => seq !== n + 1)) throw new Error('The browser missed an event, or saw one twice.');
  return seen.map(([seq, at]) => at - (committed.get(seq) ?? Number.NaN));
}

type Seen = { seen: [number, number][] };

/** In the browser. */
function watchStream(address: string): Promise<void> {
  const seen: [number, number][] = [];
  Object.assign(window, { seen });
  const source = new EventSource(address);
  source.addEventListener('message', ({ lastEventId }) => {
    seen.push([Number(lastEventId), performance.timeOrigin + performance.now()]);
  });
  return new Promise((resolve) => source.addEventListener('open', () => resolve()));
}

type Counted = { got: number; doubled: number; cut: number; perCore: number; megabytes: number };

async function counted(
  server: Beside,
  crowd: Beside,
  { last, pour }: { last: () => number; pour: () => Promise<unknown> },
): Promise<Counted> {
  const before = await server.ask<Used>('used');
  await pour();
  const got = await crowd.ask<{ got: number; doubled: number; cut: number }>({
    until: last(),
    seconds: patienceSeconds,
  });
  const after = await server.ask<Used>('used');
  await crowd.ask('close');
  return { ...got, perCore: got.got / (after.cpuSeconds - before.cpuSeconds), megabytes: after.megabytes };
}

async function toMany({ database, url, ours, closing }: Parts): Promise<{ ours: Counted; bare: Counted }> {
  const crowd = await beside('viewers.ts', [], closing);
  const run = await openRun(database, url);
  await crowd.ask({ open: viewers, url: run.address, cookie: run.cookie });
  let last = 0;
  const pour = () => paced(events, aSecond, async () => void (last = await run.append()));
  const seen = await counted(ours, crowd, { last: () => last, pour });
  const bare = await beside<{ url: string }>('bare-server.ts', [], closing);
  await crowd.ask({ open: viewers, url: bare.first.url, cookie: '' });
  // As many bytes as an event takes on the wire.
  const data = JSON.stringify({ json: { id: '1', data: { text, rest: 'x'.repeat(330) } } });
  const pourBare = () => bare.ask({ pour: events, aSecond, data });
  return { ours: seen, bare: await counted(bare, crowd, { last: () => events, pour: pourBare }) };
}

async function rate(run: Written): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < appends; n += 1) await run.append();
  return (appends * 1_000) / (performance.now() - began);
}

/** Commits a second of one run with nobody looking, then with a hundred viewers of it, in turn. */
async function whileWatched({ database, url, closing }: Parts): Promise<{ alone: number[]; watched: number[] }> {
  const crowd = await beside('viewers.ts', [], closing);
  const run = await openRun(database, url);
  await rate(run);
  const [alone, watched]: [number[], number[]] = [[], []];
  for (let n = 0; n < blocks; n += 1) {
    alone.push(await rate(run));
    const from = await run.append();
    const address = `${run.address}&lastEventId=${from}`;
    await crowd.ask({ open: 100, url: address, cookie: run.cookie });
    watched.push(await rate(run));
    await crowd.ask('close');
  }
  return { alone, watched };
}

async function look(closing: Closing) {
  const { place } = await openBenchDatabase(closing);
  const { first, ...ours } = await beside<{ url: string }>('ours-server.ts', [place.appUrl], closing);
  const database = openWriter(place.appUrl, closing);
  const parts = { database, url: first.url, ours, closing };
  return { times: await toBrowser(parts), many: await toMany(parts), writes: await whileWatched(parts) };
}

export const streamRow: FigureRow = {
  name: 'stream',
  work: `commit → browser at ${eventsACommit * 100} events/s; ${viewers} viewers × ${aSecond} events/s`,
  async measure() {
    const closers: (() => Promise<unknown>)[] = [];
    const { times, many, writes } = await look((close) => closers.push(close)).finally(async () => {
      for (const close of closers.toReversed()) await close();
    });
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
    const lost = viewers * events - many.ours.got + many.ours.doubled;
    const share = many.ours.perCore / many.bare.perCore;
    const kept = quantile(writes.watched, 0.5) / quantile(writes.alone, 0.5);
    return {
      row: 'stream',
      seed: 0,
      figures: [
        { name: 'ours, deliveries/s a core', value: Math.round(many.ours.perCore).toString() },
        { name: 'a bare SSE server', value: Math.round(many.bare.perCore).toString() },
        { name: 'memory of ours at the end', value: `${many.ours.megabytes.toFixed(0)} MB` },
        { name: 'viewers cut, who came back', value: String(many.ours.cut) },
        { name: 'commits/s, nobody looking', value: quantile(writes.alone, 0.5).toFixed(0) },
        { name: 'commits/s, a hundred viewers', value: quantile(writes.watched, 0.5).toFixed(0) },
      ],
      targets: [
        { what: 'commit → browser, p50, ms', value: p50, limit: 60, met: p50 <= 60 },
        { what: 'commit → browser, p99, ms', value: p99, limit: 250, met: p99 <= 250 },
        { what: 'events lost', value: lost, limit: 0, met: lost === 0 },
        { what: 'events doubled', value: many.ours.doubled, limit: 0, met: many.ours.doubled === 0 },
        {
          what: 'deliveries/s a core against the bare one',
          value: share,
          limit: 0.8,
          atLeast: true,
          met: share >= 0.8,
        },
        { what: 'writes with viewers against without', value: kept, limit: 0.85, atLeast: true, met: kept >= 0.85 },
      ],
    };
  },
};
