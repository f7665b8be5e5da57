'use client';

import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTRPC } from '../trpc/context.ts';
import { appCode, errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { ConfirmRepo } from './confirm-repo.tsx';
import type { RepoSource } from './source-choice.tsx';
import type { Connected } from './use-connect.ts';

type Source = Exclude<RepoSource, 'sample'>;

const words: Record<Source, { label: string; placeholder: string; hint?: string }> = {
  local: { label: 'Path of the repository', placeholder: '/home/you/projects/api' },
  git: {
    label: 'URL of the repository',
    placeholder: 'https://example.com/team/api.git',
    hint: 'Without user and password: every member sees it.',
  },
};

function Requirements() {
  return (
    <Notice title="Its tests run without a network">
      What they need is installed before, once for each state of the lockfile: that set-up reaches the package
      registries that its manifests ask for, and private ones by a secret (Settings, Secrets). The tool chains
      themselves (Node, Python, Go, a compiler) are those of the sandbox. Agents reach what their role opens, through a
      proxy.
    </Notice>
  );
}

type Props = { org: string; source: Source; onConnected: (connected: Connected) => void };

/** Asks where the repo is, looks at it, and then shows what was found. */
export function FindRepo({ org, source, onConnected }: Props) {
  const trpc = useTRPC();
  const [remote, setRemote] = useState('');
  const probe = useMutation(trpc.repos.probe.mutationOptions());
  const untested = appCode(probe.error) === 'no_test_command';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    probe.mutate({ org, source, remote: remote.trim() });
  };
  if (probe.data || untested) {
    return (
      <ConfirmRepo
        asked={{ org, source, remote: remote.trim() }}
        probe={probe.data ?? null}
        onBack={() => probe.reset()}
        onConnected={onConnected}
      />
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={words[source].label} hint={words[source].hint} error={probe.error && errorText(probe.error)}>
        {(wiring) => (
          <Input
            {...wiring}
            mono
            required
            dir="ltr"
            value={remote}
            placeholder={words[source].placeholder}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setRemote(event.target.value)}
          />
        )}
      </Field>
      <Requirements />
      <Button type="submit" look="primary" className="self-start" busy={probe.isPending}>
        {probe.isPending ? 'Looking at the repo…' : 'Look at this repo'}
      </Button>
    </form>
  );
}
