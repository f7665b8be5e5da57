import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** False until the page has come to life: what is pressed before that goes the browser's way, and is lost. */
export function useAlive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
