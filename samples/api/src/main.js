import { createServer } from 'node:http';
import { answer } from './http/app.js';

const port = Number(process.env.PORT ?? 8080);

const server = createServer((request, response) => {
  const { status, headers, body } = answer(request.method, request.url);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
});

server.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}`));
