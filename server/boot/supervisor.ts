import { AppError } from '../domain/errors.ts';

/** A part of the installation that is started, kept running and stopped. */
export type Service = {
  name: string;
  pid(): number | null;
  /** Resolves once it answers; throws AppError `unavailable` with the end of its log. */
  start(): Promise<void>;
  /** Lets it finish what it does, within its own limit. Idempotent. */
  stop(): Promise<void>;
  /** At once, without finishing anything. */
  kill(): void;
};

export type Supervisor = {
  /** Starts the service and keeps it until `stop`. Rejects as its `start` does, or when stopping has begun. */
  run(service: Service): Promise<void>;
  /** Stops what was started, last first. Idempotent. */
  stop(): Promise<void>;
  kill(): void;
  pids(): Record<string, number>;
};

/** Holds the services of one installation, in the order in which they were started. */
export function superviseServices(say: (line: string) => void): Supervisor {
  const services: Service[] = [];
  let stopping: Promise<void> | null = null;
  const stopAll = async () => {
    for (const service of services.toReversed()) {
      say(`stopping ${service.name}`);
      await service.stop().catch((error: unknown) => say(`${service.name} did not stop: ${String(error)}`));
    }
  };
  return {
    async run(service) {
      if (stopping !== null) throw new AppError('unavailable', 'The installation is being stopped.');
      services.push(service);
      await service.start();
    },
    stop: () => (stopping ??= stopAll()),
    kill: () => services.toReversed().forEach((service) => service.kill()),
    pids: () => Object.fromEntries(services.flatMap((service) => pidOf(service))),
  };
}

function pidOf(service: Service): [string, number][] {
  const pid = service.pid();
  return pid === null ? [] : [[service.name, pid]];
}
