/** What is wrong, and below it what a person does about it. */
export type Trouble = { text: string; fix: string };

/** `code` is what listening on `host`:`port` failed with; `other` a port that is free. */
export function portTrouble(at: { code: string; host: string; port: number; other: number }): Trouble {
  const { code, host, port, other } = at;
  switch (code) {
    case 'EADDRINUSE':
      return {
        text: `port ${port} on ${host} is taken by another program`,
        fix: `Use another one: PORT=${other} npm start`,
      };
    case 'EACCES':
      return {
        text: `port ${port} may only be used by root`,
        fix: 'Use one above 1023, behind a reverse proxy if it must be reached there: PORT=3000 npm start',
      };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return {
        text: `HOST=${host} is not an address of this machine`,
        fix: 'Unset HOST to listen on this machine only (127.0.0.1), or use HOST=0.0.0.0 for every address, with FLEET_PUBLIC_URL=http://the-address-people-type:3000',
      };
    default:
      return { text: `cannot listen on ${host}:${port} (${code})`, fix: 'Use another port: PORT=3001 npm start' };
  }
}
