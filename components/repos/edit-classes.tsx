'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ownClassNames, type OwnClasses } from '../../server/domain/scope/own-classes.ts';
import type { ClassesView, ClassView } from '../../server/domain/views/classes-view.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

type Texts = Record<keyof OwnClasses, string>;

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const textsOf = (own: OwnClasses): Texts => ({
  '@auth': own['@auth'].join('\n'),
  '@money': own['@money'].join('\n'),
  '@public-api': own['@public-api'].join('\n'),
});

const classesOf = (texts: Texts): OwnClasses => ({
  '@auth': lines(texts['@auth']),
  '@money': lines(texts['@money']),
  '@public-api': lines(texts['@public-api']),
});

const what: Texts = {
  '@auth': 'Who gets in and what they may do: signing in, sessions, rights.',
  '@money': 'What costs or earns money: prices, invoices, payments.',
  '@public-api': 'What others build on: descriptions of interfaces.',
};

/** `leave`: what it is called to save nothing. */
type Props = { org: string; repoId: string; view: ClassesView; leave: string; onDone: () => void };

/** How many files a class has as it is saved, and which for example. */
function Found({ view }: { view: ClassView | undefined }) {
  if (view === undefined) return null;
  const { files, examples } = view;
  return (
    <p className="text-sm text-ink-2">
      {files === 0 ? 'No file is in it yet.' : `${plural(files, 'file')} so far: `}
      <span dir="ltr" className="font-mono text-xs break-all">
        {examples.join('  ')}
        {files > examples.length && ' …'}
      </span>
    </p>
  );
}

/** Patterns to add to the three classes that a person has to say; saved as they stand they are confirmed. */
export function EditClasses({ org, repoId, view, leave, onDone }: Props) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const [texts, setTexts] = useState(() => textsOf(view.own));
  const confirm = useMutation(
    trpc.repos.confirmClasses.mutationOptions({
      onSuccess: () => {
        onDone();
        refresh();
      },
    }),
  );
  const classes = classesOf(texts);
  return (
    <form
      aria-label="Path classes of this repo"
      className="flex min-w-0 flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate({ org, repoId, basedOn: view.confirmed?.version ?? 0, classes });
      }}
    >
      <div className="grid gap-4 lg:grid-cols-3">
        {ownClassNames.map((name) => (
          <div key={name} className="flex min-w-0 flex-col gap-1.5">
            <Field
              label={name}
              hint={`${what[name]} Fleet’s own patterns stay. Add what they miss, one pattern a line.`}
            >
              {(wiring) => (
                <TextArea
                  {...wiring}
                  rows={4}
                  dir="ltr"
                  spellCheck={false}
                  className="font-mono"
                  value={texts[name]}
                  onChange={({ target }) => setTexts({ ...texts, [name]: target.value })}
                />
              )}
            </Field>
            <Found view={view.classes.find((each) => each.name === name)} />
          </div>
        ))}
      </div>
      {confirm.error && <Notice look="bad">{errorText(confirm.error)}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={confirm.isPending}>
          Confirm these classes
        </Button>
        <Button look="quiet" onClick={onDone}>
          {leave}
        </Button>
      </div>
    </form>
  );
}
