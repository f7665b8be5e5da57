import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WebhookView } from '../../server/domain/views/webhook-views.ts';
import { useTRPC } from '../trpc/context.ts';

export type DeadLetters = ReturnType<typeof useDeadLetters>;

/** What can be done with messages of a webhook that were given up: with one by its id, with all of them by null. */
export function useDeadLetters({ org, webhook: { id: webhookId, disabledAt } }: { org: string; webhook: WebhookView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: trpc.webhooks.pathKey() }) };
  const resend = useMutation(trpc.webhooks.resend.mutationOptions(settled));
  const discard = useMutation(trpc.webhooks.discard.mutationOptions(settled));
  return {
    /** Nothing is sent to a webhook that is off. */
    mayResend: disabledAt === null,
    resend: (deliveryId: string | null) => resend.mutate({ org, webhookId, deliveryId }),
    isSending: (deliveryId: string | null) => resend.isPending && resend.variables.deliveryId === deliveryId,
    discard: (deliveryId: string | null) => discard.mutateAsync({ org, webhookId, deliveryId }),
    error: resend.error,
  };
}
