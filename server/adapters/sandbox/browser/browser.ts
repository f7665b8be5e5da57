import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Browser, BrowserAnswer, BrowserRequest } from '../../../domain/ports/browser.ts';
import type { Sandbox } from '../../../domain/ports/sandbox.ts';
import { askDriver, startDriver, type Driver } from '../driver.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const inPage = `data:text/javascript;base64,${Buffer.from(read('in-page.mjs')).toString('base64')}`;
/** In one piece: where it runs there are no files of ours. */
const script = read('driver.mjs').replace("'./in-page.mjs'", `'${inPage}'`);

const startMs = 30_000;
const askMs = 45_000;
const mostImageBytes = 3 * 2 ** 20;
/** A whole answer, its image in base64. */
const mostAnswerBytes = 2 * mostImageBytes;

const words = z.string().transform((text) => text.toWellFormed());
const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refused'), reason: words }),
  z.object({
    kind: z.literal('page'),
    url: words,
    title: words,
    status: z.int().nullable(),
    text: words,
    cut: z.int().nonnegative(),
    elements: z.array(words).max(200),
    more: z.int().nonnegative(),
    said: z.array(words).max(100),
    image: z
      .object({ base64: z.base64(), width: z.int().min(1).max(8_000), height: z.int().min(1).max(8_000) })
      .optional(),
  }),
]);

const missing =
  'There is no Chromium where this sandbox runs. Go on without a browser; the operator can install one: sudo apt-get install -y chromium';

/** Chromium in a job of the sandbox, started when it is first asked for, and again when it has ended. */
export function sandboxBrowser(sandbox: Pick<Sandbox, 'exec' | 'start'>): Browser {
  let opening: Promise<Driver | string> | null = null;
  const session = async (signal: AbortSignal) => {
    opening ??= start(sandbox, signal);
    const opened = await opening.catch((error: unknown) => {
      opening = null;
      throw error;
    });
    if (typeof opened === 'string') opening = null;
    else void opened.job.ended.then(() => (opening = null));
    return opened;
  };
  return {
    async ask(request, signal) {
      const opened = await session(signal);
      return typeof opened === 'string' ? { kind: 'refused', reason: opened } : ask(sandbox, opened, request, signal); // prettier-ignore
    },
  };
}

/** The session, or words for the agent. */
async function start(sandbox: Pick<Sandbox, 'start'>, signal: AbortSignal): Promise<Driver | string> {
  const driver = await startDriver(sandbox, { script, maxOutputBytes: 4096, startMs, signal });
  if (!('said' in driver)) return driver;
  if (driver.said.startsWith('missing')) return missing;
  const said = driver.said === '' ? '' : `: ${driver.said.slice(0, 300)}`;
  return `The browser did not start within ${startMs / 1000} s${said}. Try again once.`;
}

async function ask(
  sandbox: Pick<Sandbox, 'exec'>,
  driver: Driver,
  request: BrowserRequest,
  signal: AbortSignal,
): Promise<BrowserAnswer> {
  const asking = { body: JSON.stringify(request), timeoutMs: askMs, mostBytes: mostAnswerBytes, signal };
  const answered = await askDriver(sandbox, driver, asking);
  if (answered.kind === 'answered') return readAnswer(answered.body);
  if (answered.kind !== 'timed_out') await driver.job.stop();
  const reason =
    answered.kind === 'timed_out'
      ? `The page did not come to rest within ${askMs / 1000} s. Read it again, or open another.`
      : 'The browser has ended and its page is gone. Open it again.';
  return { kind: 'refused', reason };
}

/** The driver stands in the agent's world: its answer is data like any other. */
function readAnswer(body: string): BrowserAnswer {
  const strange = {
    kind: 'refused' as const,
    reason: 'The browser gave an answer that makes no sense. Open the page again.',
  };
  try {
    const read = answer.parse(JSON.parse(body));
    if (read.kind === 'refused') return read;
    const { image, ...page } = read;
    if (!image) return page;
    const bytes = Buffer.from(image.base64, 'base64');
    if (!isPng(bytes)) return strange;
    if (bytes.length > mostImageBytes) {
      return {
        kind: 'refused',
        reason: 'The screenshot is too large to be shown. Take one of the window instead of the whole page.',
      };
    }
    return { ...page, image: { bytes, width: image.width, height: image.height } };
  } catch {
    return strange;
  }
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
}
