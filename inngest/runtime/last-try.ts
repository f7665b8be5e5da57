/** Whether the engine will not call again after an error of this try. Counted from 0; unknown maxima count as four. */
export function lastTry({ attempt, maxAttempts }: { attempt: number; maxAttempts?: number }): boolean {
  return attempt + 1 >= (maxAttempts ?? 4);
}
