import type { FleetClient } from '../../cli/demo/client.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import type { RepoView } from '../../server/domain/views/repo-views.ts';
import type { OrgView } from '../../server/domain/views/views.ts';
import { randomName } from '../setup/sign-up.ts';

/** An org of its own with the sample repo and the starters, as onboarding leaves it. */
export async function makeReadyOrg(client: FleetClient): Promise<{ org: OrgView; repo: RepoView }> {
  const org = await client.orgs.create.mutate({ name: randomName('Org') });
  const repo = await client.repos.connect.mutate({ org: org.slug, source: 'sample', remote: '', name: 'sample-api' });
  await client.starters.hire.mutate({ org: org.slug });
  return { org, repo };
}

/** Files the sample task; its pipeline starts at once. */
export async function fileSampleTask(client: FleetClient, { org, repo }: { org: OrgView; repo: RepoView }) {
  const { title, body, acceptance, scope } = sampleTask;
  const asked = { org: org.slug, repoId: repo.id, title, body, acceptance: [...acceptance], scope: [...scope] };
  return client.tasks.create.mutate(asked);
}
