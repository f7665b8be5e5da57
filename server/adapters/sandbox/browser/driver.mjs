// Runs inside a sandbox, in a job of its own: starts Chromium, and does on its one page what it is asked over loopback by
// who knows the token. Plain JavaScript of Node alone, because it is handed over as text.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

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

/** Runs a function of this file in a world that shares the page's elements and nothing of its scripts. */
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

/** Text of the page, and what in it can be used, each with the number by which it is found again. */
function lookAround(mostText) {
  const kinds =
    'a[href],button,input,select,textarea,summary,[role=button],[role=link],[role=checkbox],[role=tab],[role=menuitem],[contenteditable=true]';
  const visible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };
  // Of this world of ours alone: the page neither sees the list nor can change it.
  const found = [...document.querySelectorAll(kinds)].filter(visible);
  globalThis.fleetElements = found;
  const elements = found.slice(0, 120).map((element, at) => {
    const tag = element.getAttribute('role') ?? element.tagName.toLowerCase();
    const type = element.tagName === 'INPUT' ? ` ${element.type}` : '';
    const labels = [
      element.getAttribute('aria-label'),
      element.labels?.[0]?.innerText,
      element.innerText,
      element.placeholder,
      element.name,
      element.title,
      element.getAttribute('href'),
    ];
    const name =
      labels
        .find((label) => label?.trim())
        ?.trim()
        .replace(/\s+/g, ' ')
        .slice(0, 80) ?? '';
    const secret = element.type === 'password';
    const value =
      'value' in element && element.value && !secret && !/^(?:submit|button)$/.test(element.type)
        ? ` = ${JSON.stringify(String(element.value).slice(0, 80))}`
        : '';
    const flags = [element.disabled && 'disabled', element.checked && 'checked']
      .filter(Boolean)
      .map((flag) => ` (${flag})`);
    return `[${at + 1}] ${tag}${type} ${JSON.stringify(name)}${value}${flags.join('')}`;
  });
  const text = document.body?.innerText ?? '';
  return {
    title: document.title,
    url: location.href,
    text: text.slice(0, mostText),
    cut: Math.max(0, text.length - mostText),
    elements,
    more: found.length - elements.length,
  };
}

async function page() {
  const seen = await inPage(lookAround, mostText);
  const news = said;
  said = [];
  return { kind: 'page', status, ...seen, said: news };
}

function placeOf(number) {
  const element = globalThis.fleetElements?.[number - 1];
  if (!element?.isConnected) return null;
  // There is one page: what would open in another opens in it.
  element.closest('a[target], form[target]')?.removeAttribute('target');
  element.scrollIntoView({ block: 'center', inline: 'center' });
  const { x, y, width, height } = element.getBoundingClientRect();
  const at = { x: x + width / 2, y: y + height / 2 };
  const hit = document.elementFromPoint(at.x, at.y);
  const covered = hit && !element.contains(hit) && !hit.contains(element) ? hit.tagName.toLowerCase() : null;
  return { ...at, covered, disabled: element.disabled === true };
}

/** Selects what is there, so that typing takes its place. A choice is made by its words or its value. */
function prepareTyping(number, text) {
  const element = globalThis.fleetElements[number - 1];
  element.focus();
  if (element.tagName === 'SELECT') {
    const option = [...element.options].find((each) => each.text.trim() === text || each.value === text);
    if (!option) return { choices: [...element.options].slice(0, 40).map((each) => each.text.trim()) };
    element.value = option.value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
    return { chosen: true };
  }
  if (element.isContentEditable) getSelection().selectAllChildren(element);
  else if ('select' in element) element.select();
  else return { choices: null };
  return {};
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
