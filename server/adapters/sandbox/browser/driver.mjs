// Runs inside a sandbox, in a job of its own: starts Chromium, and does on its one page what it is asked over loopback by
// who knows the token. Plain JavaScript of Node alone, because it is handed over as text, what it imports in it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { lookAround, placeOf, prepareTyping } from './in-page.mjs';

const token = process.argv[2];
const programs = [
  '/usr/lib/chromium/chromium',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const size = { width: 1280, height: 800 };
const mostText = 12_000;
const mostTall = 4_000;

const program = programs.find((path) => existsSync(path));
if (program === undefined) {
  console.log('missing');
  process.exit(3);
}

const flags = [
  '--headless=new',
  // The sandbox around all of this refuses namespaces within namespaces: its walls are the ones that hold.
  '--no-sandbox',
  '--remote-debugging-pipe',
  '--user-data-dir=/tmp/browser',
  `--window-size=${size.width},${size.height}`,
  ...['gpu', 'quic', 'background-networking', 'component-update', 'sync', 'extensions', 'default-apps'].map(
    (what) => `--disable-${what}`,
  ),
  ...['--no-first-run', '--hide-scrollbars', '--mute-audio', '--disable-features=DialMediaRouteProvider,Translate'],
];
const chromium = spawn(program, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
chromium.once('error', () => process.exit(4));
chromium.once('exit', () => process.exit(5));

const [, , , toBrowser, fromBrowser] = chromium.stdio;
const asked = new Map();
let lastId = 0;
let session;
let rest = '';

function send(method, params = {}) {
  lastId += 1;
  const id = lastId;
  toBrowser.write(`${JSON.stringify({ id, method, params, ...(session && { sessionId: session }) })}\0`);
  return new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
}

fromBrowser.setEncoding('utf8');
fromBrowser.on('data', (chunk) => {
  const parts = (rest + chunk).split('\0');
  rest = parts.pop();
  for (const part of parts) hear(JSON.parse(part));
});

// What the page has said since it was last looked at.
let said = [];
let dialog = null;
let status = null;
let inFlight = 0;

function note(line) {
  if (said.length < 40) said.push(line.slice(0, 500));
}

const onEvent = {
  'Runtime.consoleAPICalled': ({ type, args }) =>
    note(`console.${type}: ${args.map((arg) => arg.value ?? arg.description ?? arg.type).join(' ')}`),
  'Runtime.exceptionThrown': ({ exceptionDetails: { text, exception } }) =>
    note(`uncaught: ${exception?.description ?? text}`),
  'Page.javascriptDialogOpening': ({ type, message }) => {
    note(`${type}: ${message} (it was accepted)`);
    dialog = send('Page.handleJavaScriptDialog', { accept: true }).catch(() => undefined);
  },
  'Network.requestWillBeSent': () => (inFlight += 1),
  'Network.loadingFinished': () => (inFlight -= 1),
  'Network.loadingFailed': ({ errorText, type, canceled }) => {
    inFlight -= 1;
    if (!canceled) note(`a request failed (${type}): ${errorText}`);
  },
  'Network.responseReceived': ({ type, response }) => {
    if (type === 'Document') status = response.status;
    else if (response.status >= 400) note(`${response.status} for ${response.url}`);
  },
};

function hear({ id, result, error, method, params }) {
  if (id === undefined) return onEvent[method]?.(params);
  const waiting = asked.get(id);
  asked.delete(id);
  if (error) waiting?.reject(new Error(error.message));
  else waiting?.resolve(result);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs a function in a world that shares the page's elements and nothing of its scripts. */
async function inPage(fn, ...args) {
  const { frameTree } = await send('Page.getFrameTree');
  const world = { frameId: frameTree.frame.id, worldName: 'fleet' };
  const { executionContextId: contextId } = await send('Page.createIsolatedWorld', world);
  const expression = `(${fn})(...${JSON.stringify(args)})`;
  const answer = await send('Runtime.evaluate', { expression, contextId, returnByValue: true });
  if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? 'The page failed.');
  return answer.result.value;
}

/** Until the page has loaded and asks for nothing any more, or some seconds are over. */
async function settle() {
  const end = Date.now() + 5_000;
  let quiet = 0;
  while (Date.now() < end && quiet < 3) {
    await pause(80);
    await dialog;
    const ready = await inPage(() => document.readyState).catch(() => 'loading');
    quiet = ready === 'complete' && inFlight <= 0 ? quiet + 1 : 0;
  }
  inFlight = 0;
}

async function page() {
  const seen = await inPage(lookAround, mostText);
  const news = said;
  said = [];
  return { kind: 'page', status, ...seen, said: news };
}

const refused = (reason) => ({ kind: 'refused', reason });

async function press(key, code) {
  for (const type of ['keyDown', 'keyUp']) {
    await send('Input.dispatchKeyEvent', {
      type,
      key,
      code: key,
      windowsVirtualKeyCode: code,
      ...(type === 'keyDown' && key === 'Enter' && { text: '\r' }),
    });
  }
}

async function reach(number) {
  const place = await inPage(placeOf, number);
  if (place === null)
    return refused(`There is no element ${number} on the page any more. Read the page again: numbers change with it.`);
  if (place.disabled) return refused(`Element ${number} is disabled.`);
  return place;
}

let isOpen = false;

const acts = {
  async open({ url }) {
    said = [];
    status = null;
    const { errorText } = await send('Page.navigate', { url });
    if (errorText) return refused(`${url} could not be opened: ${errorText}. Is its server running, and on that port?`);
    isOpen = true;
    await settle();
    return page();
  },
  read: () => page(),
  async click({ element }) {
    const place = await reach(element);
    if (place.kind === 'refused') return place;
    if (place.covered)
      return refused(`Element ${element} is covered by a ${place.covered}: a click would not reach it.`);
    const mouse = { x: place.x, y: place.y, button: 'left', clickCount: 1 };
    for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased'])
      await send('Input.dispatchMouseEvent', { ...mouse, type });
    await settle();
    return page();
  },
  async type({ element, text, submit }) {
    const place = await reach(element);
    if (place.kind === 'refused') return place;
    const { choices, chosen } = await inPage(prepareTyping, element, text);
    if (choices === null) return refused(`Nothing can be typed into element ${element}.`);
    if (choices)
      return refused(`Element ${element} has no choice ${JSON.stringify(text)}. There are: ${choices.join(', ')}.`);
    if (!chosen && text === '') await press('Delete', 46);
    else if (!chosen) await send('Input.insertText', { text });
    if (submit) await press('Enter', 13);
    await settle();
    return page();
  },
  async screenshot({ whole }) {
    const { cssContentSize } = await send('Page.getLayoutMetrics');
    const height = whole ? Math.min(mostTall, Math.max(size.height, Math.ceil(cssContentSize.height))) : size.height;
    const clip = { x: 0, y: 0, width: size.width, height, scale: 1 };
    const { data } = await send('Page.captureScreenshot', {
      format: 'png',
      ...(whole && { clip, captureBeyondViewport: true }),
    });
    return { ...(await page()), image: { base64: data, width: size.width, height } };
  },
};

async function act(request) {
  if (request.act !== 'open' && !isOpen) return refused('No page is open in this sandbox. Open one first.');
  return acts[request.act](request);
}

const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
const attached = await send('Target.attachToTarget', { targetId, flatten: true });
session = attached.sessionId;
await Promise.all(['Page', 'Runtime', 'Network'].map((domain) => send(`${domain}.enable`)));
await send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });

let busy = Promise.resolve();
const server = createServer((request, response) => {
  if (request.url !== `/${token}` || request.method !== 'POST') return response.writeHead(404).end();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    busy = busy
      .then(() => act(JSON.parse(Buffer.concat(chunks).toString())))
      .catch((error) => refused(`The browser could not do that: ${error.message}`))
      .then((answer) => response.end(JSON.stringify(answer)));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
