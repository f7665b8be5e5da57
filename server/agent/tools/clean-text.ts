/** Words that people and rows will hold: NUL and lone surrogates, which neither can, become visible marks. */
export function cleanText<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\u2400') as T;
  if (Array.isArray(value)) return value.map(cleanText) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleanText(each)])) as T;
}
