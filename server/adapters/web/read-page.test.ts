import { describe, expect, it } from 'vitest';
import { readPage } from './read-page.ts';

const { signal } = new AbortController();
const read = (html: string, url = 'https://docs.test/guide/') => readPage(html, { url, signal });

describe('readPage', () => {
  it('keeps words, headings, code, tables and where links lead, and nothing that is not seen', async () => {
    const page = `<html><head><title>The  Guide</title><style>p { color: red }</style></head><body>
      <script>alert("script")</script><noscript>no</noscript><p hidden>hidden words</p><svg><text>drawn</text></svg>
      <h1>Use it</h1><p>Call <code>run()</code>, see <a href="../api">the API</a>, not <a href="javascript:x()">this</a>.</p>
      <pre><code>const a = 1;\nrun(a);</code></pre><ul><li>one<li>two</ul>
      <table><tr><th>name</th><th>what</th></tr><tr><td>a</td><td>b</td></tr></table><img src="x.png" alt="a plot"></body></html>`;
    const text = await read(page);
    expect(text).toMatch(/^Title: The Guide\n\n# Use it\n/);
    expect(text).toContain('Call `run()`, see [the API](https://docs.test/api), not this.');
    expect(text).toContain('```\nconst a = 1;\nrun(a);\n```');
    expect(text).toMatch(/\| name \| what \|\n+\| a \| b \|/);
    expect(text).toContain('[image: a plot]');
    expect(text).not.toMatch(/script|red|hidden|drawn|<\w/);
  });

  it.each([
    ['', ''],
    ['plain words', 'plain words'],
    ['<p>un<b>closed', 'un**closed**'],
    ['<div>'.repeat(500) + 'deep', 'deep'],
  ])('reads %j', async (html, expected) => {
    expect((await read(html)).trim()).toBe(expected);
  });

  it('gives up a page that asks for too much, and harms nothing but its own thread', async () => {
    await expect(read('<div>'.repeat(200_000))).rejects.toThrow();
    const stopped = new AbortController();
    stopped.abort(new Error('enough'));
    await expect(readPage('<p>x', { url: 'https://a.test/', signal: stopped.signal })).rejects.toThrow('enough');
    expect(await read('<p>still here</p>')).toBe('still here');
  });
});
