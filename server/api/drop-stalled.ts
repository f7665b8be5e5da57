/**
 * A stream whose reader takes nothing for so long, although there is something, ends with an error: the connection is cut,
 * and a browser that is still there comes back for what follows its last event. A quiet stream waits for as long as it likes.
 */
export function dropStalled(body: ReadableStream<Uint8Array>, afterMs: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(timer);
      const { done, value } = await reader.read();
      if (done) return controller.close();
      controller.enqueue(value);
      timer = setTimeout(() => {
        const slow = new Error('the reader takes nothing');
        controller.error(slow);
        void reader.cancel(slow).catch(() => undefined);
      }, afterMs);
      timer.unref();
    },
    cancel(reason) {
      clearTimeout(timer);
      return reader.cancel(reason);
    },
  });
}
