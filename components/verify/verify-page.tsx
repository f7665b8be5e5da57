'use client';

import { useState } from 'react';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { PlainPage } from '../ui/plain-page.tsx';
import { PageHeader } from '../ui/section.tsx';
import { DropFile } from './drop-file.tsx';
import { useVerify, type Checking } from './use-verify.ts';
import { Verdict } from './verdict.tsx';

function Outcome({ checking: { file, told } }: { checking: Checking }) {
  if (told.type === 'verdict') return <Verdict verdict={told.verdict} trusted={told.trusted} />;
  if (told.type === 'refused') {
    return (
      <Notice look="bad" title="This file was not checked">
        {told.why}
      </Notice>
    );
  }
  const part = file.size === 0 ? 0 : Math.round((100 * told.read) / file.size);
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor="read" className="text-sm foreign">
        Reading {file.name}: {part} %
      </label>
      <progress id="read" max={100} value={part} className="h-2 w-full accent-accent-fill" />
    </div>
  );
}

/** Checks an exported log without Fleet's word for it: the same verifier as `fleet verify`, in the browser. */
export function VerifyPage() {
  const { checking, verify } = useVerify();
  const [keys, setKeys] = useState('');
  const [kept, setKept] = useState('');
  return (
    <PlainPage wide>
      <PageHeader
        title="Verify a log"
        sub="Whether an exported audit log, an excerpt of one, or a bundle of evidence is what was written: nothing changed, nothing out of its place, signed."
      />
      <DropFile onFile={(file) => verify({ file, keys, kept })} />
      {checking && <Outcome checking={checking} />}
      <details>
        <summary className="cursor-pointer text-sm font-medium text-accent">
          Hold it to what you have from elsewhere
        </summary>
        <div className="flex flex-col gap-5 pt-4">
          <Field
            label="Public key"
            optional
            hint="What the installation publishes at /.well-known/fleet-audit-keys.json, saved before. Without it the key that the file names is believed."
          >
            {(wiring) => <TextArea {...wiring} value={keys} onChange={({ target }) => setKeys(target.value)} />}
          </Field>
          <Field
            label="Kept heads"
            optional
            hint="Heads that were kept outside: a signed note, SIZE:ROOT, or the output of git log with Fleet's merge commits. Each must be how this log began."
          >
            {(wiring) => <TextArea {...wiring} value={kept} onChange={({ target }) => setKept(target.value)} />}
          </Field>
          <p className="text-sm text-ink-2">Then drop the file again.</p>
        </div>
      </details>
    </PlainPage>
  );
}
