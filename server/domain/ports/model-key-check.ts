/** Asks the provider whether it knows a key, without spending. `unreachable`: nobody answered, so nothing is known. */
export type ModelKeyCheck = (key: string) => Promise<'accepted' | 'rejected' | 'unreachable'>;
