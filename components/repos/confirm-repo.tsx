'use client';

import { CircleCheck } from 'lucide-react';
import type { FormEvent } from 'react';
import type { RepoProbeView } from '../../server/domain/views/repo-views.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { shortHash } from '../ui/format.ts';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts } from '../ui/section.tsx';
import { SetupFacts } from './setup-facts.tsx';
import { SurveyNotes } from './survey-notes.tsx';
import { probeSentence } from './probe-sentence.ts';
import { useConnect, type Asked, type Connected } from './use-connect.ts';

function Found({ probe }: { probe: RepoProbeView }) {
  return (
    <>
      <p role="status" className="flex items-start gap-2 font-medium text-good foreign">
        <CircleCheck aria-hidden className="mt-[3px] size-4 shrink-0" />
        {probeSentence(probe)}
      </p>
      <Facts>
        <Fact name="Remote">
          <span className="font-mono">{probe.remote}</span>
        </Fact>
        <Fact name="Default branch">
          <span className="font-mono">
            {probe.defaultBranch} at {shortHash(probe.head)}
          </span>
        </Fact>
        {probe.managers.length > 0 && <Fact name="Recognised">{probe.managers.join(', ')}</Fact>}
        {probe.declaredIn !== null && probe.problem === null && (
          <Fact name="Declared in">
            <span className="font-mono">{probe.declaredIn}</span>
          </Fact>
        )}
      </Facts>
      <SetupFacts setup={probe.setup} />
      <SurveyNotes {...probe} />
    </>
  );
}

function NoTests() {
  return (
    <Notice look="warn" title="No test command was found in this repo">
      Fleet looked for npm, pnpm, yarn, pip, uv, poetry, go, cargo, maven and make. It merges only what was tested: type
      the command that runs the tests. How the repo is set up can be said afterwards, under Repos.
    </Notice>
  );
}

type Props = {
  asked: Asked;
  /** Null: reached, but without a test command. */
  probe: RepoProbeView | null;
  onBack: () => void;
  onConnected: (connected: Connected) => void;
};

/** What was found, the two things a person may correct, and the button that saves. */
export function ConfirmRepo({ asked, probe, onBack, onConnected }: Props) {
  const { start, error, busy } = useConnect(onConnected);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name)).trim();
    start({ ...asked, name: text('name'), testCommand: text('testCommand') });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {probe ? <Found probe={probe} /> : <NoTests />}
      <Field label="Test command" hint="Fleet runs it itself on every commit, in a clean sandbox.">
        {(wiring) => (
          <Input
            {...wiring}
            name="testCommand"
            required
            mono
            dir="ltr"
            maxLength={500}
            defaultValue={probe?.testCommand}
            spellCheck={false}
            autoComplete="off"
          />
        )}
      </Field>
      <Field label="Name" optional={!probe} hint="What people call it here.">
        {(wiring) => (
          <Input {...wiring} name="name" required={probe !== null} maxLength={100} defaultValue={probe?.name} />
        )}
      </Field>
      {error && (
        <Notice look="bad" title="The repo is not connected">
          {errorText(error)}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={busy}>
          Connect this repo
        </Button>
        <Button look="quiet" onClick={onBack}>
          Choose another
        </Button>
      </div>
    </form>
  );
}
