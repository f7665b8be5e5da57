import type { RepoSetup } from '../../server/domain/setup/repo-setup.ts';
import { Fact, Facts } from '../ui/section.tsx';

function Lines({ text }: { text: string }) {
  return <span className="block font-mono whitespace-pre-wrap">{text}</span>;
}

function whereFrom(setup: RepoSetup): string {
  if (setup.registries.length === 0) return 'Without a network';
  return `With ${setup.registries.join(' and ')} open and nothing else`;
}

/** How a repo is set up, as facts: only what there is. */
export function SetupFacts({ testCommand, setup }: { testCommand?: string; setup: RepoSetup }) {
  return (
    <Facts>
      <Fact name="Set-up">
        {setup.install === '' ? (
          <span className="text-ink-2">None: tests run with what the sandbox has</span>
        ) : (
          <>
            <Lines text={setup.install} />
            <span className="text-ink-3">
              {whereFrom(setup)}
              {setup.lockfiles.length > 0 && `; once for each state of ${setup.lockfiles.join(', ')}`}
            </span>
          </>
        )}
      </Fact>
      {setup.build !== '' && (
        <Fact name="Build">
          <Lines text={setup.build} />
        </Fact>
      )}
      {testCommand !== undefined && (
        <Fact name="Tests">
          <Lines text={testCommand} />
        </Fact>
      )}
      {setup.tests.map(({ paths, command }) => (
        <Fact key={`${paths.join()} ${command}`} name="More tests">
          <Lines text={command} />
          <span className="text-ink-3">for changes in {paths.join(', ')}</span>
        </Fact>
      ))}
      {setup.lint !== '' && (
        <Fact name="Lint">
          <Lines text={setup.lint} />
        </Fact>
      )}
      {setup.services.map(({ name, command, image, port }) => (
        <Fact key={name} name="Service">
          {name} on port {port}: <span className="font-mono">{command ?? image}</span>
        </Fact>
      ))}
    </Facts>
  );
}
