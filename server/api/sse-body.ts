const ping = new TextEncoder().encode('event: ping\ndata: \n\n');

type Timing = {
  /** How often a quiet stream says that it is there. */
  pingMs: number;
  /** How long a reader may take nothing of what is there. */
  stalledMs: number;
};

/**
 * Frames of server-sent events as the body of an answer, each handed over as it is. A reader that takes nothing for too long,
 * although there is something, is cut off: a browser that is still there comes back for what follows its last event. A quiet
 * stream waits for as long as it likes. `left` is called when the reader has gone or is cut.
 */
export function sseBody(
  frames: AsyncGenerator<Uint8Array>,
  { pingMs, stalledMs }: Timing,
  left: () => void,
): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (ms: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
    timer.unref();
  };
  let over = false;
  const end = () => {
    over = true;
    clearTimeout(timer);
    left();
    // Waits for a read that is under way, which ends now.
    void frames.return(undefined).catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const say = () => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(ping);
        later(pingMs, say);
      };
      later(pingMs, say);
      const { done, value } = await frames.next();
      if (over) return;
      if (done) {
        clearTimeout(timer);
        controller.close();
        return;
      }
      controller.enqueue(value);
      later(stalledMs, () => {
        controller.error(new Error('the reader takes nothing'));
        end();
      });
    },
    cancel: end,
  });
}
