import { AppError } from '../../server/domain/errors.ts';
import type { TaskView } from '../../server/domain/views/views.ts';
import { answering } from './answering.ts';
import { clientWith, type FleetClient } from './fleet-client.ts';
import { readLogin } from './login-file.ts';

type Of = { file: string; print: (line: string) => void };
type Session = { client: FleetClient; org: string; url: string };

/** Runs a command as whoever is logged in. */
export async function asLoggedIn<T>(file: string, use: (session: Session) => Promise<T>): Promise<T> {
  const { url, org, key } = await readLogin(file);
  const client = clientWith({ url, headers: { authorization: `Bearer ${key}` } });
  return answering(url, () => use({ client, org, url }));
}

export async function printStatus({ file, print }: Of): Promise<void> {
  await asLoggedIn(file, async ({ client, url }) => {
    const { org, orgName, serviceAccount, scopes, expiresAt } = await client.keys.self.query();
    print(`${orgName} (${org}) at ${url}`);
    print(`as the service account ${serviceAccount}, until ${expiresAt.slice(0, 10)}`);
    print(`may: ${scopes.join(' ')}`);
    if (!scopes.includes('tasks:read')) return;
    const { cards, runningRuns, needsYou } = await client.board.get.query({ org });
    const open = cards.filter(({ column }) => column !== 'done').length;
    print(`open tasks: ${open}, running runs: ${runningRuns}, waiting for a person: ${needsYou}`);
  });
}

export async function listTasks({ file, print }: Of): Promise<void> {
  await asLoggedIn(file, async ({ client, org }) => {
    for (const { number, title, status, sentence } of await client.tasks.list.query({ org })) {
      print(`#${number}  ${status.padEnd(9)}  ${title}  (${sentence})`);
    }
  });
}

export type Filed = { repo: string; title: string; body: string; scope: string[]; accept: string[]; once?: string };

/** Files a task; the same `once` files it once, however often the command runs. */
export async function createTask(
  { file, print }: Of,
  { repo, title, body, scope, accept, once }: Filed,
): Promise<void> {
  await asLoggedIn(file, async ({ client, org, url }) => {
    const found = (await client.repos.list.query({ org })).find(({ id, name }) => name === repo || id === repo);
    if (!found) throw new AppError('not_found', `This org has no repo ${repo}.`);
    const task = { org, repoId: found.id, title, body, scope, acceptance: accept };
    const { taskId } = await client.tasks.create.mutate(once === undefined ? task : { ...task, requestKey: once });
    const { number } = await client.tasks.get.query({ org, taskId });
    print(`#${number}  ${url}/${org}/tasks/${taskId}`);
  });
}

export async function showTask({ file, print }: Of, named: string): Promise<void> {
  await asLoggedIn(file, async (session) => {
    const task = await findTask(session, named);
    const { number, title, requester, createdAt, pipelineRun } = task;
    print(`#${number}  ${title}`);
    print(`filed by ${requester} at ${createdAt}; ${pipelineRun.sentence}`);
    print(`cost $${(pipelineRun.costMicros / 1_000_000).toFixed(4)}, ${pipelineRun.secondsUsed} s of run-time`);
    for (const { stage, attempt, status, sentence } of pipelineRun.stages) {
      print(`  ${`${stage} ${attempt}`.padEnd(12)} ${status.padEnd(8)} ${sentence}`);
    }
  });
}

/** The task of a number (`12` or `#12`) or an id. */
export async function findTask({ client, org }: Session, named: string): Promise<TaskView> {
  const number = /^#?(\d+)$/.exec(named)?.[1];
  if (number === undefined) return client.tasks.get.query({ org, taskId: named });
  const found = (await client.tasks.list.query({ org })).find((task) => task.number === Number(number));
  if (!found) throw new AppError('not_found', `There is no task #${number} among the latest of this org.`);
  return client.tasks.get.query({ org, taskId: found.id });
}
