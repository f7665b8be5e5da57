import { deliverWebhook } from '../../server/services/webhooks/deliver-webhook.ts';
import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Sends what is due to one webhook, then the wish for the rest. */
export function deliverWebhookFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'deliver-webhook',
      triggers: [on('webhook/deliver-requested')],
      concurrency: [{ key: 'event.data.webhookId', limit: 1 }, { limit: 4 }],
      retries: 0,
    },
    async ({ event, step }) => {
      const { orgId, webhookId } = event.data;
      const { again } = await step.run('deliver', () => deliverWebhook(worker, { orgId, webhookId }));
      if (again) await step.sendEvent('rest', { name: 'webhook/deliver-requested', data: { orgId, webhookId } });
    },
  );
}
