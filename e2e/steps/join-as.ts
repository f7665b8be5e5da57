import type { FleetClient } from '../../cli/demo/client.ts';
import type { OrgRole } from '../../server/domain/authz/scopes.ts';
import type { Handover } from '../setup/handover.ts';
import { randomEmail, signUp, type Person } from '../setup/sign-up.ts';

type Joining = { org: string; role: OrgRole; installation: Handover; operator: Person };

/** A new person who was invited to the org and took the invitation. */
export async function joinAs(client: FleetClient, { org, role, installation, operator }: Joining): Promise<Person> {
  const email = randomEmail();
  await client.people.invite.mutate({ org, email, role });
  const mail = (await operator.client.installation.outbox.query()).find(({ to }) => to === email)!;
  const secret = new URL(/^http\S+invitation\S+$/m.exec(mail.text)![0]).searchParams.get('secret')!;
  const person = await signUp(installation, email);
  await person.client.invitations.accept.mutate({ secret });
  return person;
}
