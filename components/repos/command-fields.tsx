import { registryNames } from '../../server/domain/network/registries.ts';
import type { RepoSetup } from '../../server/domain/setup/repo-setup.ts';
import { Field } from '../ui/field.tsx';
import { Input, TextArea } from '../ui/input.tsx';
import { servicesText, testsText } from './setup-text.ts';

export type Commands = { testCommand: string; setup: RepoSetup };

const typed = { dir: 'ltr', spellCheck: false, autoComplete: 'off' } as const;

type Line = { label: string; name: string; value: string; hint?: string; required?: boolean };

function Command({ label, name, value, hint, required = false }: Line) {
  return (
    <Field label={label} hint={hint} optional={!required}>
      {(wiring) => (
        <Input {...wiring} {...typed} name={name} mono required={required} maxLength={500} defaultValue={value} />
      )}
    </Field>
  );
}

function Lines({ label, name, value, hint }: Line) {
  return (
    <Field label={label} hint={hint} optional>
      {(wiring) => (
        <TextArea
          {...wiring}
          {...typed}
          name={name}
          rows={3}
          className="font-mono"
          maxLength={8_000}
          defaultValue={value}
        />
      )}
    </Field>
  );
}

function Registries({ open }: { open: RepoSetup['registries'] }) {
  return (
    <fieldset className="flex flex-wrap gap-x-4 gap-y-2">
      <legend className="pb-1.5 text-sm font-medium">Registries open during set-up</legend>
      {registryNames.map((name) => (
        <label key={name} className="flex min-h-6 items-center gap-2 text-sm pointer-coarse:min-h-11">
          <input
            type="checkbox"
            name="registries"
            value={name}
            defaultChecked={open.includes(name)}
            className="size-4 accent-accent-fill"
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

/** Everything of a repo that a person may say anew. */
export function CommandFields({ shown: { testCommand, setup } }: { shown: Commands }) {
  return (
    <>
      <Command label="Test command" name="testCommand" value={testCommand} required />
      <Lines
        label="Set-up"
        name="install"
        value={setup.install}
        hint="Runs once for each state of the lockfiles; what it makes is kept and never part of a commit."
      />
      <Registries open={setup.registries} />
      <Lines label="Lockfiles" name="lockfiles" value={setup.lockfiles.join('\n')} hint="One path a line." />
      <Command label="Build" name="build" value={setup.build} hint="Runs before the tests." />
      <Command label="Lint" name="lint" value={setup.lint} hint="Told to agents." />
      <Lines
        label="More tests"
        name="tests"
        value={testsText(setup.tests)}
        hint="One a line, for changes that touch some paths: web/**, shared/** => npm run test:web"
      />
      <Lines
        label="Services"
        name="services"
        value={servicesText(setup.services)}
        hint="One a line, started before the tests: db 5432 => postgres -D /tmp/db => pg_isready. The last part is optional. On a container engine also images: db 5432 => image:postgres:18 POSTGRES_PASSWORD=test"
      />
    </>
  );
}
