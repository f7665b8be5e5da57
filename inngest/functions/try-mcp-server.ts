import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { tryMcpServer } from '../runtime/try-mcp-server.ts';
import type { Worker } from '../runtime/worker.ts';

/** Tries an MCP server because somebody asked. */
export function tryMcpServerFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'try-mcp-server',
      triggers: [on('mcp-server/try-requested')],
      concurrency: [{ key: 'event.data.orgId', limit: 1 }, { limit: 2 }],
      retries: 2,
    },
    async ({ event, step }) => {
      await step.run('try', () => tryMcpServer(worker, event.data));
    },
  );
}
