import { rm } from 'node:fs/promises';

/**
 * Removes a folder that a provider of sandboxes lives in. The provider ends with its process alone and always makes the next
 * sandbox's place ahead: one that is made while the folder is being removed is removed with it.
 */
export async function removeLivedIn(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
