import { serviceStartMs } from '../../domain/checks/limits.ts';
import { lastLines, plainText } from '../../domain/checks/plain-text.ts';
import { AppError } from '../../domain/errors.ts';
import type { Job, Output, Sandbox } from '../../domain/ports/sandbox.ts';
import type { EnvironmentStep } from '../../domain/setup/environment.ts';
import type { RepoService } from '../../domain/setup/repo-setup.ts';
import { healthScript } from '../../domain/setup/service-script.ts';

/** `step` is null where there is nothing to start. */
export type Services = { step: EnvironmentStep | null; stop(): Promise<void> };

type Starting = { services: readonly RepoService[]; signal: AbortSignal };

const maxOutputBytes = 64 * 1024;

/** Starts what tests need beside them, one after the other, and waits until each answers. */
export async function startServices(sandbox: Sandbox, { services, signal }: Starting): Promise<Services> {
  const jobs: Job[] = [];
  const stop = async () => void (await Promise.all(jobs.map((job) => job.stop())));
  if (services.length === 0) return { step: null, stop };
  let millis = 0;
  const seen = (over: Pick<EnvironmentStep, 'result' | 'detail'> & Partial<EnvironmentStep>) => ({
    step: { step: 'services' as const, line: null, output: '', millis, ...over },
    stop,
  });
  for (const service of services) {
    const job = await start(sandbox, service);
    if (typeof job === 'string') return seen({ result: 'failed', detail: job, line: service.image });
    jobs.push(job);
    const waited = await waitFor(sandbox, { service, job, signal });
    millis += waited.millis;
    if (waited.problem !== null) {
      return seen({
        result: 'failed',
        detail: waited.problem,
        line: service.command ?? service.image,
        output: said(job.read()),
      });
    }
  }
  const names = services.map(({ name, port }) => `${name} on port ${port}`).join(', ');
  return seen({ result: 'passed', detail: `${names}: up.` });
}

/** The job, or why there is none. Throws where the sandbox itself is gone. */
async function start(sandbox: Sandbox, { name, command, image, env }: RepoService): Promise<Job | string> {
  if (image === null) return sandbox.start({ command: command ?? '', maxOutputBytes });
  if (sandbox.startImage === undefined) {
    return (
      `The service ${name} is an image (${image}), and sandboxes here run no images beside them. Give it a command that ` +
      'starts it inside the sandbox; or the operator of this server lets this org’s work run on a Docker or Podman engine ' +
      '(npx fleet engine use NAME --org ORG).'
    );
  }
  try {
    return await sandbox.startImage({ image, env, maxOutputBytes });
  } catch (error) {
    if (error instanceof AppError) return `The service ${name} did not start. ${error.message}`;
    throw error;
  }
}

type Waiting = { service: RepoService; job: Job; signal: AbortSignal };

/** `problem` is null once it answers. */
async function waitFor(
  sandbox: Sandbox,
  { service, job, signal }: Waiting,
): Promise<{ problem: string | null; millis: number }> {
  const { name, port } = service;
  const enough = new AbortController();
  const asking = sandbox.exec({
    command: healthScript(service),
    timeoutMs: serviceStartMs,
    maxOutputBytes: 1_024,
    signal: AbortSignal.any([signal, enough.signal]),
  });
  const died = await Promise.race([asking.then(() => false), job.ended.then(() => true)]);
  enough.abort();
  const { ended, exitCode, durationMs } = await asking;
  signal.throwIfAborted();
  const millis = Math.round(durationMs);
  if (ended === 'exited' && exitCode === 0) return { problem: null, millis };
  const problem = died
    ? `The service ${name} ended before it answered on port ${port}.`
    : `The service ${name} did not answer on port ${port} within ${serviceStartMs / 1_000} seconds.`;
  return { problem, millis };
}

function said({ head, tail }: Output): string {
  return lastLines(plainText(head) + plainText(tail), 8_000);
}
