/** The name of the org's key for Anthropic itself among its secrets. */
export const modelKeyName = 'anthropic-api-key';
