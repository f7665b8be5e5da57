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

/** What a person does on a system that Fleet does not run on; null on Linux. */
export function otherSystem(platform: string): Trouble | null {
  if (platform === 'linux') return null;
  const engine =
    'Sandboxes may then also be made on a Podman or Docker engine elsewhere: npx fleet engine add NAME --url URL';
  if (platform === 'win32') {
    return {
      text: 'Windows: Fleet runs in its Linux, WSL2, because only Linux can confine sandboxes and git',
      fix: `Install it with: wsl --install -d Debian\nThen open Debian, clone Fleet there and run: npm ci && npm start\n${engine}`,
    };
  }
  const name = platform === 'darwin' ? 'macOS' : platform;
  return {
    text: `${name}: Fleet runs on Linux, because only Linux can confine sandboxes and git`,
    fix: `Start it in a Linux machine: one that Podman makes (podman machine init, podman machine start, podman machine ssh), Docker’s, or a server.\n${engine}`,
  };
}
