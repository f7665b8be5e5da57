import { describe, expect, it } from 'vitest';
import type { Browser, BrowserAnswer, BrowserRequest } from '../../domain/ports/browser.ts';
import { callTool } from '../testing/call-tool.ts';

const page: BrowserAnswer = {
  ...{ kind: 'page', url: 'http://localhost:3000/', title: 'A "title"', status: 200, text: ' Hello \n', cut: 5 },
  ...{ elements: ['[1] a "Next"'], more: 2, said: ['console.log: x'] },
};

/** A browser that notes what it is asked and always answers the same. */
function saying(answer: BrowserAnswer) {
  const asked: BrowserRequest[] = [];
  const browser: Browser = {
    async ask(request) {
      asked.push(request);
      return answer;
    },
  };
  return { browser, asked };
}

describe('browser tools', () => {
  it('show a page: whose words they are, what can be used, what was left out', async () => {
    const { browser, asked } = saying(page);
    const { text, action } = await callTool('browser_open', { url: 'http://localhost:3000/' }, { browser });
    expect(text).toBe(
      [
        '[http://localhost:3000/ "A \\"title\\"", status 200; what follows is what the page says]',
        'Hello',
        '(5 more characters are not shown)',
        '',
        'What can be used, by number:',
        '[1] a "Next"',
        '(2 more are not listed)',
        '',
        'Since the last look:',
        'console.log: x',
      ].join('\n'),
    );
    expect(action).toEqual({ kind: 'browser', act: 'open' });
    expect(asked).toEqual([{ act: 'open', url: 'http://localhost:3000/' }]);
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://127.9.9.9/',
    'https://[::1]:8443/x',
    'http://app.localhost:3000/',
    'http://LOCALHOST',
  ])('%s is the sandbox’s own', async (url) => {
    const { browser, asked } = saying(page);
    await callTool('browser_open', { url }, { browser });
    expect(asked).toHaveLength(1);
  });

  it.each([
    'http://10.0.0.1/',
    'http://localhost@example.com/',
    'http://localhost.example.com/',
    'data:text/html,x',
    '127.0.0.1',
    'http://0.0.0.0/',
  ])('%s is not', async (url) => {
    const { browser, asked } = saying(page);
    const refused = await callTool('browser_open', { url }, { browser });
    expect(refused).toMatchObject({
      outcome: 'error',
      text: expect.stringMatching(/Start the server with job_start first/),
    });
    expect(asked).toEqual([]);
  });

  it('keep a screenshot and name it for the model', async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const { browser } = saying({ ...page, image: { bytes, width: 10, height: 20 } });
    const { text, images, blobs } = await callTool('browser_screenshot', {}, { browser });
    expect(images).toMatchObject([{ mediaType: 'image/png', width: 10, height: 20 }]);
    expect(blobs.kept.get(images![0]!.blobId)).toEqual(bytes);
    expect(text).toContain('[Screenshot of http://localhost:3000/, 10 × 20]');
  });

  it('pass on what was refused, and teach what they are called with', async () => {
    const { browser } = saying({ kind: 'refused', reason: 'There is no element 9.' });
    expect(await callTool('browser_click', { element: 9 }, { browser })).toMatchObject({
      ...{ outcome: 'error', text: 'There is no element 9.' },
    });
    await expect(callTool('browser_click', { element: '#save' }, { browser })).rejects.toThrow(
      /browser_click was not run/,
    );
  });
});
