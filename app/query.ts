export type Query = Promise<Record<string, string | string[] | undefined>>;

/** The first value of a query parameter, or an empty string. */
export async function queryValue(query: Query, name: string): Promise<string> {
  const value = (await query)[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** The path and query of an address, on this server whatever host it names; `/` where it is none. */
export function localPath(value: string): string {
  if (!URL.canParse(value, 'http://here')) return '/';
  const { pathname, search } = new URL(value, 'http://here');
  return `/${pathname.replace(/^\/+/, '')}${search}`;
}
