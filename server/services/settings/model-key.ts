/** The name of the org's model key among its secrets. */
export const modelKeyName = 'anthropic-api-key';

/** What the sealed key is bound to: it opens in no other org and under no other name. */
export function modelKeyContext(orgId: string): string {
  return `${orgId}:${modelKeyName}`;
}
