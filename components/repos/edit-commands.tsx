'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { repoSetup } from '../../server/domain/setup/repo-setup.ts';
import type { RepoSurveyView, RepoView } from '../../server/domain/views/repo-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { shortHash } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { CommandFields, type Commands } from './command-fields.tsx';
import { listOf, readServices, readTests } from './setup-text.ts';
import { SurveyNotes } from './survey-notes.tsx';

/** What the form holds, or in words what of it cannot be read. */
function readForm(form: FormData): Commands | string {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const tests = readTests(text('tests'));
  if (tests === null) return 'More tests: write each line as paths => command.';
  const services = readServices(text('services'));
  if (services === null) return 'Services: write each line as name port => command.';
  const { install, build, lint } = { install: text('install'), build: text('build'), lint: text('lint') };
  const lockfiles = listOf(text('lockfiles'));
  const registries = form.getAll('registries').map(String);
  const setup = repoSetup.safeParse({ install, build, lint, lockfiles, registries, tests, services });
  if (!setup.success) return setup.error.issues[0]?.message ?? 'This cannot be read.';
  return { testCommand: text('testCommand'), setup: setup.data };
}

function Proposal({ found }: { found: RepoSurveyView }) {
  const said =
    found.managers.length === 0 ? 'No package manager was recognised' : `Recognised: ${found.managers.join(', ')}`;
  const from = found.declaredIn !== null && found.problem === null ? `, as ${found.declaredIn} declares` : '';
  return (
    <>
      <Notice title={`${said} at ${shortHash(found.commit)}${from}`}>
        The fields below hold what was found. Nothing is saved until you do.
      </Notice>
      <SurveyNotes {...found} />
    </>
  );
}

/** Changes how a repo is set up and tested, by hand or from what its default branch says now. */
export function EditCommands({ org, repo, onDone }: { org: string; repo: RepoView; onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const survey = useMutation(trpc.repos.survey.mutationOptions());
  const save = useMutation(
    trpc.repos.configure.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries();
        onDone();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readForm(new FormData(event.currentTarget));
    setProblem(typeof read === 'string' ? read : null);
    if (typeof read !== 'string') save.mutate({ org, repoId: repo.id, ...read });
  };
  const found = survey.data;
  const shown: Commands = found
    ? { testCommand: found.testCommand ?? repo.testCommand, setup: found.setup }
    : { testCommand: repo.testCommand, setup: repo.setup };
  const wrong = problem ?? (save.error && errorText(save.error)) ?? (survey.error && errorText(survey.error));
  return (
    <form key={found?.commit ?? 'saved'} onSubmit={submit} className="flex flex-col gap-4">
      <Button className="self-start" busy={survey.isPending} onClick={() => survey.mutate({ org, repoId: repo.id })}>
        Look at the repo again
      </Button>
      {found && <Proposal found={found} />}
      <CommandFields shown={shown} />
      {wrong && (
        <Notice look="bad" title="This is not saved">
          {wrong}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={save.isPending}>
          Save
        </Button>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
