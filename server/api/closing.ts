type Holder = { fleetClosing?: AbortController };

/** Aborts when the process is asked to stop. On globalThis, because Next bundles instrumentation and routes apart. */
export function closing(): AbortController {
  const holder = globalThis as Holder;
  holder.fleetClosing ??= new AbortController();
  return holder.fleetClosing;
}
