import { Words } from '../ui/words.tsx';

function Sentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h3 className="text-sm font-medium">{title}</h3>
      <ul className="flex min-w-0 list-disc flex-col gap-0.5 pl-5 text-sm text-ink-2">
        {sentences.map((sentence, at) => (
          <li key={at} className="max-w-[76ch] foreign">
            <Words text={sentence} />
          </li>
        ))}
      </ul>
    </div>
  );
}

type Props = { stricter: readonly string[]; looser: readonly string[]; /** Of a new role. */ able?: readonly string[] };

/** What another version says otherwise, in sentences. */
export function RuleChanges({ stricter, looser, able = [] }: Props) {
  return (
    <>
      <Sentences title="What it would be able to do" sentences={able} />
      <Sentences title="Stricter, for running agents too" sentences={stricter} />
      <Sentences title="Looser, for later runs" sentences={looser} />
    </>
  );
}
