import { z } from 'zod';
import type { BrowserAct } from '../../domain/policy/action.ts';
import type { BrowserPage, BrowserRequest } from '../../domain/ports/browser.ts';
import type { ToolKit } from './tool.ts';
import { failed, ok, tool } from './tool.ts';

const elementField = z.int().min(1).max(1_000).describe('The number that the last look at the page gave the element');

/** Its own servers, by the names they have inside. What else could be reached is for the walls to say, not for words. */
function isOwn(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/u.test(hostname ?? '');
}

const notOwn =
  'Nothing was opened: the browser shows pages that this sandbox serves, such as http://localhost:3000/. Start the server ' +
  'with job_start first and wait until it listens.';

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines, ''];
}

/** A page for the model. Everything below the first line is the page's own words. */
function shown({ url, title, status, text, cut, elements, more, said }: BrowserPage): string {
  const state = status === null ? '' : `, status ${status}`;
  const rest = more > 0 ? [`(${more} more are not listed)`] : [];
  return [
    `[${url} ${JSON.stringify(title)}${state}; what follows is what the page says]`,
    text.trim() === '' ? '(no text)' : text.trim(),
    ...(cut > 0 ? [`(${cut} more characters are not shown)`] : []),
    '',
    ...list('What can be used, by number', [...elements, ...rest]),
    ...list('Since the last look', said),
  ]
    .join('\n')
    .trimEnd();
}

async function ask({ browser, blobs }: ToolKit, request: BrowserRequest, signal: AbortSignal) {
  const answer = await browser.ask(request, signal);
  if (answer.kind === 'refused') return failed(answer.reason);
  const { image } = answer;
  if (image === undefined) return ok(shown(answer));
  const { bytes, width, height } = image;
  const { id: blobId } = await blobs.put(bytes);
  const text = `[Screenshot of ${answer.url}, ${width} × ${height}]\n${list('Since the last look', answer.said).join('\n')}`;
  return { ...ok(text.trimEnd()), images: [{ blobId, mediaType: 'image/png' as const, width, height }] };
}

const page = (act: BrowserAct) => () => ({ kind: 'browser' as const, act });

export const browserOpen = tool({
  description:
    'Opens a page of a server that you have started in this sandbox, and shows its text, what can be clicked or filled in, ' +
    'and what it logs. One page at a time.',
  schema: z.strictObject({ url: z.string().min(1).max(2_000).describe('e.g. http://localhost:3000/settings') }),
  action: page('open'),
  async run(kit, { input: { url }, signal }) {
    return isOwn(url) ? ask(kit, { act: 'open', url }, signal) : failed(notOwn);
  },
});

export const browserRead = tool({
  description: 'Shows the open page as it is now: text, numbered elements, and what was logged since the last look.',
  schema: z.strictObject({}),
  action: page('read'),
  run: (kit, { signal }) => ask(kit, { act: 'read' }, signal),
});

export const browserClick = tool({
  description: 'Clicks an element of the open page and shows the page that comes of it.',
  schema: z.strictObject({ element: elementField }),
  action: page('click'),
  run: (kit, { input: { element }, signal }) => ask(kit, { act: 'click', element }, signal),
});

export const browserType = tool({
  description:
    'Fills in a field of the open page, in place of what it holds, or picks an option of a select by its words.',
  schema: z.strictObject({
    element: elementField,
    text: z.string().max(10_000),
    submit: z.boolean().optional().describe('Press Enter afterwards'),
  }),
  action: page('type'),
  run: (kit, { input: { element, text, submit = false }, signal }) =>
    ask(kit, { act: 'type', element, text, submit }, signal),
});

export const browserScreenshot = tool({
  description: 'Takes a picture of the open page, for what words do not show: layout, colours, what overlaps.',
  schema: z.strictObject({ whole: z.boolean().optional().describe('The whole page instead of its window') }),
  action: page('screenshot'),
  run: (kit, { input: { whole = false }, signal }) => ask(kit, { act: 'screenshot', whole }, signal),
});
