'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ClassView, ClassesView } from '../../server/domain/views/classes-view.ts';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { Ago } from '../ui/time.tsx';
import { ClassNotices } from './class-notices.tsx';
import { EditClasses } from './edit-classes.tsx';

/** Which files of a repo rules mean by a class, counted; and whether a person has confirmed those that Fleet cannot guess well. */
export function PathClasses({ org, repoId }: { org: string; repoId: string }) {
  const trpc = useTRPC();
  const mayConfirm = useCan(org, 'repos:connect');
  const [editing, setEditing] = useState(false);
  const { data: view, error } = useQuery(trpc.repos.classes.queryOptions({ org, repoId }));
  return (
    <Section title="Path classes" aside={view && <Standing view={view} />}>
      {error && !view && <Notice look="bad">{errorText(error)}</Notice>}
      {!view && !error && <Bone className="h-40" />}
      {view && (
        <>
          <Unsaid view={view} />
          {editing ? (
            <EditClasses org={org} repoId={repoId} view={view} leave="Leave them" onDone={() => setEditing(false)} />
          ) : (
            mayConfirm && (
              <Button className="self-start" onClick={() => setEditing(true)}>
                {view.confirmed ? 'Change them' : 'Look at them and confirm'}
              </Button>
            )
          )}
          <Table classes={view.classes} />
        </>
      )}
    </Section>
  );
}

function Standing({ view: { confirmed, commit } }: { view: ClassesView }) {
  return (
    <>
      {confirmed ? (
        <>
          Confirmed by {confirmed.by} <Ago at={confirmed.at} />
        </>
      ) : (
        'Nobody has confirmed them yet'
      )}
      {commit && `, counted at ${commit.slice(0, 10)}`}
    </>
  );
}

function Unsaid({ view }: { view: ClassesView }) {
  return (
    <>
      {view.confirmed === null && (
        <Notice look="warn" title="Nobody has confirmed the classes of this repo yet">
          Fleet’s own patterns hold. What is auth, money and public API here is a guess by names of folders: rules about
          @auth, @money and @public-api speak of the files below and of no others.
        </Notice>
      )}
      <ClassNotices view={view} />
    </>
  );
}

function Table({ classes }: { classes: readonly ClassView[] }) {
  return (
    <div className="min-w-0 overflow-x-auto" tabIndex={0} role="region" aria-label="Files by class">
      <table className="w-full min-w-[560px] text-sm">
        <thead className="text-left text-ink-3">
          <tr>
            {['Class', 'Files', 'For example', 'Patterns'].map((head) => (
              <th key={head} scope="col" className="py-1 pr-4 font-normal">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map(({ name, files, examples, globs, except }) => (
            <tr key={name} className="border-t border-line align-top">
              <th scope="row" className="py-1.5 pr-4 text-left font-mono font-normal">
                {name}
              </th>
              <td className="figures py-1.5 pr-4">{count(files)}</td>
              <td dir="ltr" className="min-w-48 py-1.5 pr-4 font-mono text-xs break-all text-ink-2">
                {examples.join('  ')}
                {files > examples.length && ' …'}
              </td>
              <td dir="ltr" className="py-1.5 font-mono text-xs break-all text-ink-3">
                {globs.length === 0 ? 'none' : globs.join('  ')}
                {except.length > 0 && ` but not ${except.join('  ')}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
