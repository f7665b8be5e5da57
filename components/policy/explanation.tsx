import type { Explained } from '../../server/domain/policy/explain-policy.ts';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Words } from '../ui/words.tsx';

/** Why a text is no policy, line by line. */
export function Problems({ problems }: { problems: (Explained & { ok: false })['problems'] }) {
  return (
    <Notice look="bad" title="This is no policy yet">
      <ul>
        {problems.map(({ line, message }, at) => (
          <li key={at}>
            Line {line}: {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What a policy means, rule by rule, what is doubtful in it, and how its cases came out. */
export function Explanation({ said }: { said: Explained }) {
  if (!said.ok) return <Problems problems={said.problems} />;
  const { rules, preset, doubts, cases, failed } = said;
  return (
    <div className="flex min-w-0 flex-col gap-3" role="status">
      <ul className="flex flex-col gap-1.5">
        {rules.map(({ id, as, words }) => (
          <li key={id} className="text-sm foreign">
            <span className="text-ink-3">{as}</span> <span className="font-mono">{id}</span>: <Words text={words} />
          </li>
        ))}
        {preset && (
          <li className="text-sm text-ink-2">
            And {plural(preset.rules, 'rule')} of the preset {preset.name}.
          </li>
        )}
      </ul>
      {doubts.map(({ rule, message }) => (
        <Notice key={`${rule} ${message}`} look="warn" title={rule}>
          {message}
        </Notice>
      ))}
      {failed.map(({ at, words, verdict }) => (
        <Notice key={at} look="bad" title={words}>
          It is {verdict.verdict} by {verdict.rule}: {verdict.reason}
        </Notice>
      ))}
      <p className="text-sm text-ink-2">
        {cases === 0
          ? 'No cases are kept with it. Write what must hold under `cases`; they are tried at each save.'
          : `${cases - failed.length} of ${plural(cases, 'case')} hold.`}
      </p>
    </div>
  );
}
