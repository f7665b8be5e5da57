'use client';

import { useState } from 'react';
import type { RepoView } from '../../server/domain/views/repo-views.ts';
import { useCan } from '../frame/use-org.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { EditCommands } from './edit-commands.tsx';
import { SetupFacts } from './setup-facts.tsx';

/** How a repo is set up and tested; who may connect repos may change it. */
export function RepoCommands({ org, repo }: { org: string; repo: RepoView }) {
  const [editing, setEditing] = useState(false);
  const mayChange = useCan(org, 'repos:connect');
  return (
    <Section title="Set-up and commands" aside="What Fleet itself runs, in a clean sandbox">
      {editing ? (
        <EditCommands org={org} repo={repo} onDone={() => setEditing(false)} />
      ) : (
        <>
          <SetupFacts testCommand={repo.testCommand} setup={repo.setup} />
          {mayChange && (
            <Button className="self-start" onClick={() => setEditing(true)}>
              Change
            </Button>
          )}
        </>
      )}
    </Section>
  );
}
