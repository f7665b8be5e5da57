import type { AccessView, HostRow, SecretRow } from '../../server/domain/views/access-view.ts';
import { limit, money } from '../ui/format.ts';
import { Revealed } from '../ui/code.tsx';
import { Fact, Facts, Section } from '../ui/section.tsx';
import { differ, VerdictRow, VerdictRows } from './rows.tsx';

type Props = { view: AccessView; names: readonly string[] };

/** Commands, hosts, tools, secrets and money: the same for all of them, one row each. */
export function OtherParts({ view, names }: Props) {
  const { commands, hosts, mcp, gates, secrets } = view;
  return (
    <>
      <Section title="Commands" className="pt-4">
        <VerdictRows label="Commands">
          {commands.map(({ kind, what, verdicts }) => (
            <VerdictRow key={what} {...{ kind, verdicts, names }} what={<Revealed text={what} />} />
          ))}
        </VerdictRows>
        <p className="max-w-[76ch] text-sm text-ink-3">
          Every simple command of a longer one is judged alone. Other commands are answered above.
        </p>
      </Section>
      <Section title="Hosts" className="pt-4">
        <VerdictRows label="Hosts">
          {hosts.map((row) => (
            <HostRows key={row.host} row={row} names={names} />
          ))}
        </VerdictRows>
      </Section>
      {mcp.length > 0 && (
        <Section title="Tools of MCP servers" className="pt-4">
          <VerdictRows label="Tools of MCP servers">
            {mcp.map(({ kind, what, verdicts }) => (
              <VerdictRow key={what} {...{ verdicts, names, what }} kind={`it ${kind}`} />
            ))}
          </VerdictRows>
        </Section>
      )}
      <Section title="Secrets" className="pt-4">
        <Secrets secrets={secrets} names={names} />
      </Section>
      <Section title="Money and people" className="pt-4">
        <Money view={view} names={names} />
        <VerdictRows label="What is put to people">
          {gates.map(({ what, verdicts }) => (
            <VerdictRow key={what} {...{ verdicts, names }} kind="" what={<span className="font-sans">{what}</span>} />
          ))}
        </VerdictRows>
      </Section>
    </>
  );
}

function HostRows({ row: { host, why, get, post, sandbox }, names }: { row: HostRow; names: readonly string[] }) {
  const open = sandbox.map((yes) => (yes ? 'open' : 'closed'));
  const reach =
    sandbox.length === 2 && sandbox[0] !== sandbox[1]
      ? names.map((name, at) => `${open[at]} to the sandbox of ${name}`).join(', ')
      : `${open[0]} to its sandbox`;
  const kind = `${why}; ${reach}`;
  const same = (one: HostRow['get'], other: HostRow['get']) => one.every((each, at) => !differ([each, other[at]!]));
  if (same(get, post)) return <VerdictRow what={host} kind={kind} verdicts={get} names={names} />;
  return (
    <>
      <VerdictRow what={`GET ${host}`} kind={kind} verdicts={get} names={names} />
      <VerdictRow what={`POST ${host}`} kind={why} verdicts={post} names={names} />
    </>
  );
}

function Secrets({ secrets, names }: { secrets: readonly SecretRow[]; names: readonly string[] }) {
  if (secrets.length === 0) return <p className="text-sm text-ink-2">No secret is meant for this repo.</p>;
  const where = ({ inRuns, reached, places }: SecretRow, side: number) => {
    if (!inRuns) return 'never goes with a run';
    const open = reached[side]!;
    return open.length === 0 ? `goes nowhere: ${places.join(', ')} is closed` : `goes to ${open.join(', ')}`;
  };
  return (
    <ul aria-label="Secrets" className="-mt-2 flex flex-col divide-y divide-line text-sm">
      {secrets.map((secret) => (
        <li key={secret.name} className="flex min-w-0 flex-wrap gap-x-4 gap-y-1 py-2">
          <span className="min-w-0 font-mono break-all">{secret.name}</span>
          {secret.reached.map((_, side) => (
            <span key={side} className="min-w-0 text-ink-2 foreign">
              {names.length === 2 && `${names[side]}: `}
              {where(secret, side)}
            </span>
          ))}
          {secret.inSetUp && <span className="text-ink-3">and with the set-up</span>}
        </li>
      ))}
    </ul>
  );
}

function Money({ view: { sides }, names }: Props) {
  return (
    <div className={sides.length === 2 ? 'grid min-w-0 gap-8 lg:grid-cols-2' : 'min-w-0'}>
      {sides.map(({ runLimits, money: rows }, side) => (
        <div key={side} className="flex min-w-0 flex-col gap-2">
          {sides.length === 2 && <h3 className="font-medium">{names[side]}</h3>}
          <Facts>
            <Fact name="A run may use">
              {money(runLimits.micros)} and {limit(runLimits.seconds)}
            </Fact>
            {rows.map(({ of, name, limitMicros, leftMicros }) => (
              <Fact key={`${of} ${name}`} name={`${of} ${name}`.trim()}>
                {limitMicros === null
                  ? 'no limit of its own'
                  : `${money(leftMicros ?? 0)} left of ${money(limitMicros)}`}
              </Fact>
            ))}
          </Facts>
        </div>
      ))}
    </div>
  );
}
