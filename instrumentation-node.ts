import { closing } from './server/api/closing.ts';

// Open event streams keep `next start` from exiting; they end on this signal and browsers reconnect by themselves.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => closing().abort(new DOMException('The server is stopping.', 'AbortError')));
}
