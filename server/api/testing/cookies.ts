/** A browser's cookie jar for one host, enough for signing in. */
function cookieJar() {
  const cookies = new Map<string, string>();
  return {
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    names: () => [...cookies.keys()],
    take(response: Response) {
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        const gone = /max-age=0|expires=thu, 01 jan 1970/i.test(line);
        if (gone) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
    },
  };
}

type Ask = { method?: 'GET' | 'POST' | 'HEAD'; form?: Record<string, string>; origin?: string | null };

/** A browser that follows nothing by itself: posts forms with its Origin, keeps cookies. */
export function browserAt(url: string) {
  const jar = cookieJar();
  return {
    jar,
    async ask(path: string, { method = 'GET', form, origin = url }: Ask = {}): Promise<Response> {
      const headers: Record<string, string> = { cookie: jar.header() };
      if (method === 'POST' && origin !== null) headers['origin'] = origin;
      const response = await fetch(new URL(path, url), {
        method,
        headers,
        redirect: 'manual',
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      });
      jar.take(response);
      return response;
    },
  };
}

export type Browser = ReturnType<typeof browserAt>;
