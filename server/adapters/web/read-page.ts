import { Worker } from 'node:worker_threads';
import type { ReadPage } from '../../domain/ports/web.ts';

const mostMs = 5_000;
const mostMegabytes = 256;

/** A page as Markdown, read in a thread that is ended when it takes longer or more memory than any page should. */
export const readPage: ReadPage = async (html, { url, signal }) => {
  signal.throwIfAborted();
  const thread = new Worker(new URL('page-reader.ts', import.meta.url), {
    workerData: { html, url },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  const late = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
  try {
    return await new Promise<string>((resolve, reject) => {
      late.addEventListener('abort', () => reject(late.reason), { once: true });
      thread.once('message', (text: string) => resolve(text)).once('error', reject);
      thread.once('exit', () => reject(new Error('The page could not be read.')));
    });
  } finally {
    await thread.terminate();
  }
};
