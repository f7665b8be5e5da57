'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { SignUpPolicy } from '../../server/domain/authz/sign-up.ts';
import type { EnginesView, InstallationView } from '../../server/domain/views/installation-view.ts';
import { useTRPC } from '../trpc/context.ts';
import { plural } from '../ui/format.ts';
import { Deletions } from './deletions.tsx';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts, PageHeader, Section } from '../ui/section.tsx';

const mailWords = {
  smtp: 'Sent by your mail server.',
  outbox: 'No mail server is set up: messages stay here. Set SMTP_URL to have them sent.',
  none: 'Not sent at all: set SMTP_URL. Nobody can sign in by mail until then.',
} satisfies Record<InstallationView['mail'], string>;

const trustWords = {
  all: 'All orgs trust each other: they may share a kernel.',
  some: 'The orgs that you named may share a kernel; every other has one to itself.',
  nobody: 'No two orgs share a kernel.',
} satisfies Record<EnginesView['trust'], string>;

function Engines({ places: { use, engines, placed, trust } }: { places: EnginesView }) {
  return (
    <Section title="Where sandboxes are made">
      <Facts>
        <Fact name="By default">{use === 'local' ? 'On this machine, by bubblewrap' : `On the engine ${use}`}</Fact>
        <Fact name="Orgs elsewhere">{placed === 0 ? 'None' : placed}</Fact>
        <Fact name="Trust">{trustWords[trust]}</Fact>
      </Facts>
      {engines.length > 0 && (
        <ul aria-label="Engines" className="flex flex-col divide-y divide-line border-y border-line">
          {engines.map(({ name, address, image, verified }) => (
            <li key={name} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
              <span className="font-medium">{name}</span>
              <span className="min-w-0 break-all text-ink-2 foreign">{address}</span>
              <span className="text-sm text-ink-3">
                {image ? 'has its image' : 'has no image yet'}
                {verified ? ', its server is verified' : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-sm text-ink-3">
        Changed on the machine: <code>npx fleet engine</code>, <code>npx fleet trust</code>.
      </p>
    </Section>
  );
}

function MasterKeys({ ids }: { ids: string[] }) {
  if (ids.length > 1) {
    return (
      <Notice look="warn">
        Two master keys are in use: a rotation is not over. Run npx fleet master-key rotate again.
      </Notice>
    );
  }
  return (
    <Facts>
      <Fact name="Master key">{ids[0] ?? 'Nothing has been sealed yet'}</Fact>
    </Facts>
  );
}

function signUpWords(policy: SignUpPolicy): string {
  switch (policy.kind) {
    case 'open':
      return 'Open: whoever can read a mailbox may sign in and make an org, which shows nothing of any other.';
    case 'domains':
      return `By domain: whoever has an address of ${policy.domains.join(', ')}, and whom an org invites.`;
    case 'invited':
      return 'By invitation: whom an org invites, or takes in by its proven domain. You alone make orgs.';
    case 'closed':
      return 'Closed: nobody new. You alone make orgs.';
  }
}

function WhoComesIn({ view }: { view: InstallationView }) {
  return (
    <Section title="Who may come in">
      <p className="text-ink-2">{signUpWords(view.signUp)}</p>
      <p className="text-sm text-ink-3">
        Changed on the machine: <code>FLEET_SIGN_UP</code>, then a restart. Who has an account signs in under each.
      </p>
      <Facts>
        <Fact name="Mail">
          {mailWords[view.mail]}{' '}
          {view.mail === 'outbox' && (
            <Link href="/outbox" className="text-accent underline underline-offset-2">
              Read them
            </Link>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

/** The installation as its operator has it, outside all orgs. */
export function InstallationPage() {
  const trpc = useTRPC();
  const view = useQuery(trpc.installation.get.queryOptions(undefined, { refetchInterval: 15_000 })).data;
  if (!view) return null;
  const { callsPerMinute } = view.limits;
  return (
    <>
      <PageHeader
        title="This installation"
        sub="For you, its operator. It stands outside all orgs: nothing of what is in them is shown here."
      />
      <Section title="Health">
        <Facts>
          <Fact name="Orgs">{view.counts.orgs}</Fact>
          <Fact name="Runs">
            {view.counts.running} at work, {view.counts.queued} queued
          </Fact>
          <Fact name="Web">Answers at {view.publicUrl}</Fact>
          <Fact name="Database">Answers in {view.database.answersInMs} ms</Fact>
        </Facts>
        <p className="text-sm text-ink-3">
          Worker and engine: <code>npx fleet doctor</code> on the machine.
        </p>
      </Section>
      <Engines places={view.places} />
      <WhoComesIn view={view} />
      <Section title="Limits">
        <Facts>
          <Fact name="Paths on this machine">
            Paths here and addresses in its network may be connected by you alone.{' '}
            {view.counts.trusted === 0 ? 'No repo is.' : `${plural(view.counts.trusted, 'repo')} connected so.`}
          </Fact>
          <Fact name="Calls a minute">
            {callsPerMinute.key} a key, {callsPerMinute.member.toLocaleString('en')} a member,{' '}
            {callsPerMinute.org.toLocaleString('en')} an org
          </Fact>
          <Fact name="Model">
            {view.environmentModelKey
              ? 'Orgs without a key of their own use the server’s.'
              : 'Each org brings a key of its own.'}
          </Fact>
        </Facts>
      </Section>
      <Section title="Orgs about to be deleted">
        <Deletions view={view} />
      </Section>
      <Section title="Keys">
        <MasterKeys ids={view.masterKeys} />
      </Section>
    </>
  );
}
