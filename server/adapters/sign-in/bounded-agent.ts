import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** All that a provider has to say in one answer: tokens, keys or claims. */
const mostAnswerBytes = 1_000_000;

/** A connection for one answer, which ends when more comes than a provider has to say: openid-client reads answers whole. */
export function boundedAgent(protocol: string, most = mostAnswerBytes): http.Agent {
  const agent: http.Agent =
    protocol === 'https:' ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args: Parameters<typeof connect>) => {
    const socket = connect(...args) as Socket;
    let read = 0;
    socket.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > most) socket.destroy(new Error('the answer is too large'));
    });
    return socket;
  };
  return agent;
}
