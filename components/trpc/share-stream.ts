type Subscription = { unsubscribe: () => void };
type Handlers = { onStarted: () => void };

type Shared<T, H extends Handlers> = {
  handlers: H;
  /** Opens the stream itself; only one tab of a browser does so at a time. */
  open: (handlers: H & { onData: (data: T) => void }) => Subscription;
  onData: (data: T) => void;
  /** Called where another tab holds the stream: what came before this one listened is for it to fetch. */
  onJoined?: () => void;
};

/**
 * One stream for all tabs of a browser that look at the same thing, because a browser allows one server six connections in
 * all. Whichever tab has the lock holds the stream and tells the others what comes; when it lets go, closes or crashes, the
 * next one opens the stream from where it is. Without locks (a page that is not secure) each tab holds its own.
 */
export function shareStream<T, H extends Handlers>(name: string, shared: Shared<T, H>): Subscription {
  const { handlers, open, onData, onJoined } = shared;
  const locks = typeof navigator === 'undefined' ? undefined : (navigator.locks as LockManager | undefined);
  if (locks === undefined) return open({ ...handlers, onData });
  const channel = new BroadcastChannel(`fleet ${name}`);
  const left = new AbortController();
  channel.onmessage = ({ data }: MessageEvent<T>) => onData(data);
  const hold = () => {
    const held = open({
      ...handlers,
      onData(data) {
        onData(data);
        if (!left.signal.aborted) channel.postMessage(data);
      },
    });
    return new Promise<void>((resolve) =>
      left.signal.addEventListener('abort', () => {
        resolve();
        held.unsubscribe();
      }),
    );
  };
  void locks
    .request(`fleet ${name}`, { ifAvailable: true }, async (lock) => {
      if (left.signal.aborted) return;
      if (lock) return hold();
      handlers.onStarted();
      onJoined?.();
    })
    .then(() => {
      if (left.signal.aborted) return;
      return locks.request(`fleet ${name}`, { signal: left.signal }, () => (left.signal.aborted ? undefined : hold()));
    })
    .catch(() => undefined);
  return {
    unsubscribe() {
      left.abort();
      channel.close();
    },
  };
}
