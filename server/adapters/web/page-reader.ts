// Runs in a thread of its own, which is ended when a page takes too long: what a stranger wrote is parsed here.
import { parentPort, workerData } from 'node:worker_threads';
import TurndownService from 'turndown';

const { html, url } = workerData as { html: string; url: string };

const absolute = (written: string | null) => (written === null ? '' : (URL.parse(written, url)?.href ?? ''));

const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
service.remove(['script', 'style', 'noscript', 'template', 'iframe', 'canvas', 'object', 'embed', 'title'] as never);
service.addRule('unseen', {
  filter: (node) =>
    node.hasAttribute?.('hidden') || node.getAttribute?.('aria-hidden') === 'true' || node.nodeName === 'svg',
  replacement: () => '',
});
service.addRule('link', {
  filter: (node) => node.nodeName === 'A' && node.hasAttribute('href'),
  replacement: (content, node) => {
    const words = content.replaceAll(/\s+/g, ' ').trim();
    const href = absolute((node as Element).getAttribute('href'));
    return words === '' ? '' : /^https?:/u.test(href) ? `[${words}](${href})` : words;
  },
});
service.addRule('image', {
  filter: 'img',
  replacement: (_content, node) => {
    const alt = (node as Element).getAttribute('alt')?.replaceAll(/\s+/g, ' ').trim() ?? '';
    return alt === '' ? '' : `[image: ${alt}]`;
  },
});
service.addRule('cell', {
  filter: ['td', 'th'],
  replacement: (content) => `${content.replaceAll(/\s+/g, ' ').trim()} | `,
});
service.addRule('row', { filter: 'tr', replacement: (content) => `| ${content.trim()}\n` });

const title = /<title[^>]*>([^<]{0,500})/iu.exec(html)?.[1]?.replaceAll(/\s+/g, ' ').trim() ?? '';
const text = service
  .turndown(html)
  .replaceAll(/^[^\S\n]+$/gmu, '')
  .replaceAll(/\n{3,}/gu, '\n\n')
  .trim();
parentPort?.postMessage(title === '' ? text : `Title: ${title}\n\n${text}`);
