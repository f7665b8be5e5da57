const [begins, ends] = [7, 20];

/** Outside 7 to 20 o'clock (UTC) from Monday to Friday. */
export function isOffHours(at: Date): boolean {
  const day = at.getUTCDay();
  const hour = at.getUTCHours();
  return day === 0 || day === 6 || hour < begins || hour >= ends;
}
