import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from 'inngest/node';
import { fleetFunctions } from '../functions/fleet-functions.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from './worker.ts';

export type Served = {
  port: number;
  /** Makes the functions known to the engine. False when it did not answer or refused. */
  register(): Promise<boolean>;
  /** Takes no new calls; resolves when those in the air are answered. */
  close(): Promise<void>;
};

const path = '/api/inngest';

/** Serves the functions and a health answer on loopback, for the engine alone: every call is signed. */
export async function serveWorker(client: BusClient, worker: Worker, port: number): Promise<Served> {
  const handler = serve({ client, functions: fleetFunctions(client, worker), servePath: path });
  const server = http.createServer((request, response) => {
    // An answer without our signature: the engine keeps the call for the next worker.
    if (worker.draining.aborted) {
      response.writeHead(503, { connection: 'close' }).end('stopping\n');
    } else if (request.url === '/health') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('worker\n');
    } else {
      void handler(request, response);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    async register() {
      const url = `http://127.0.0.1:${taken}${path}`;
      const answer = await fetch(url, { method: 'PUT' }).catch(() => null);
      return answer?.ok ?? false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
