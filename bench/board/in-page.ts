// What runs in the browser: every function here is sent there as its text and sees nothing else of this file.

export type Noted = { shift: number; firstRows: number | null; interactions: Record<string, number> };
export type Noting = { noted: Noted };

/** Before the page's own scripts: notes when rows first stand there painted, what moved, and how long presses took. */
export function watchPage(): void {
  const noted: Noted = { shift: 0, firstRows: null, interactions: {} };
  Object.assign(window, { noted } satisfies Noting);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) noted.shift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
      const { interactionId: id = 0, duration } = entry;
      if (id > 0) noted.interactions[id] = Math.max(noted.interactions[id] ?? 0, duration);
    }
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
  new MutationObserver((_, observer) => {
    if (!document.querySelector('ol[aria-label="Transcript"] > li')) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (noted.firstRows = performance.now())));
  }).observe(document, { childList: true, subtree: true });
}

/** When the first events had come. */
export function firstAnswer(): number {
  const reads = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const ends = reads.filter(({ name }) => name.includes('runs.page')).map(({ responseEnd }) => responseEnd);
  return Math.min(...ends);
}

/** Goes to an event as a link does; milliseconds until its line stands there, painted, within what is seen. */
export async function jumpTo(seq: number): Promise<number> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const isThere = () => {
    const row = document.querySelector<HTMLElement>('ol[aria-label="Transcript"] > li[aria-current]');
    if (!row) return false;
    const [own, next] = [
      Number(row.dataset['seq']),
      Number((row.nextElementSibling as HTMLElement | null)?.dataset['seq']),
    ];
    const { top, bottom } = row.getBoundingClientRect();
    return own <= seq && !(next <= seq) && bottom > 0 && top < window.innerHeight;
  };
  const began = performance.now();
  window.location.hash = `seq-${seq}`;
  while (!isThere()) {
    if (performance.now() - began > 20_000) throw new Error(`Event ${seq} did not come into sight.`);
    await frame();
  }
  await frame();
  return performance.now() - began;
}

/** The rows that stand on the page, as often as the run has turns, all at once: milliseconds until they are painted. */
export async function paintAll(turns: number): Promise<number> {
  const list = document.querySelector('ol[aria-label="Transcript"]');
  const rows = [...(list?.children ?? [])].map((row) => row.outerHTML);
  const all = Array.from({ length: turns }, (_, n) => rows[n % rows.length]).join('');
  const copy = document.createElement('ol');
  copy.className = list?.className ?? '';
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  await frame();
  const began = performance.now();
  copy.innerHTML = all;
  document.body.replaceChildren(copy);
  await frame();
  return performance.now() - began;
}

export function nodes(): number {
  return document.querySelectorAll('*').length;
}

export function readNoted(): Noted {
  return (window as unknown as Noting).noted;
}
