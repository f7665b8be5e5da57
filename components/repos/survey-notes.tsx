import { Notice } from '../ui/notice.tsx';

type Props = { declaredIn: string | null; problem: string | null; notes: string[] };

/** What a person should know about the files of a repo before going on. */
export function SurveyNotes({ declaredIn, problem, notes }: Props) {
  return (
    <>
      {problem !== null && (
        <Notice look="warn" title={`${declaredIn} is not followed`}>
          {problem}
        </Notice>
      )}
      {notes.length > 0 && (
        <Notice title="Good to know about its files">
          <ul className="flex flex-col gap-1">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
