export type OneAtATime = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Runs work of one name after earlier work of that name, whatever became of it; work of other names is not held up. */
export function oneAtATime(): OneAtATime {
  const queues = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const mine = (queues.get(name) ?? Promise.resolve()).then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    queues.set(name, settled);
    void settled.then(() => queues.get(name) === settled && queues.delete(name));
    return mine;
  };
}
