// Runs inside a sandbox, in a job of its own: keeps the process of one MCP server and passes messages to and from it, a line
// each, for who knows the token. Plain JavaScript of Node alone, because it is handed over as text.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [token, command, mostText] = process.argv.slice(2);
const most = Number(mostText);
const child = spawn('bash', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'] });

const waiting = new Map();
let news = [];
let rest = '';
let errors = '';
let strange = '';
let over = null;

function end(reason) {
  if (over !== null) return;
  const said = [
    strange && `it printed "${strange}", which is no message`,
    errors.trim() && `its errors end with: ${errors.trim()}`,
  ];
  over = [reason, ...said.filter(Boolean)].join('; ');
  child.kill('SIGKILL');
  for (const answer of waiting.values()) answer(410, over);
  waiting.clear();
}

function hear(line) {
  if (line.trim() === '') return;
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    message = null;
  }
  if (message?.jsonrpc !== '2.0') {
    strange = line.slice(0, 200);
    return;
  }
  const answer = message.method === undefined ? waiting.get(message.id) : undefined;
  if (!answer) {
    if (message.method !== undefined) news = [...news, line].slice(-20);
    return;
  }
  waiting.delete(message.id);
  answer(200, [...news.splice(0), line].join('\n'));
}

child.stdout.setEncoding('utf8');
child.stdout.on('data', (chunk) => {
  const parts = (rest + chunk).split('\n');
  rest = parts.pop();
  for (const line of parts) hear(line);
  if (rest.length > most) end(`it sent more than ${most} characters without the end of a message`);
});
child.stderr.setEncoding('utf8');
child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-600)));
child.stdin.on('error', () => {});
child.once('error', (error) => end(`it could not be started: ${error.message}`));
// Its pipes are read to their end first, so that its last words are among them.
child.once('close', (code, signal) =>
  end(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`),
);

function take(body, answer) {
  if (over !== null) return answer(410, over);
  const message = JSON.parse(body);
  if (message.method !== undefined && message.id !== undefined) waiting.set(message.id, answer);
  child.stdin.write(`${body}\n`);
  if (message.method === undefined || message.id === undefined) answer(202, '');
}

const server = createServer((request, response) => {
  if (request.url !== `/${token}` || request.method !== 'POST') return response.writeHead(404).end();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () =>
    take(Buffer.concat(chunks).toString(), (status, text) => response.writeHead(status).end(text)),
  );
});
server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
