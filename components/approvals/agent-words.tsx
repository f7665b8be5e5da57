import { Words } from '../ui/words.tsx';

const longest = 1_200;

/** Text an agent wrote, marked as such and cut, so that it never passes for a fact. */
export function AgentWords({ text }: { text: string }) {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return (
    <figure className="flex flex-col gap-1 border-l-2 border-line-strong pl-4">
      <figcaption className="text-sm font-medium text-ink-3">From the agent</figcaption>
      <blockquote className="max-w-[76ch] whitespace-pre-wrap text-ink-2 foreign">
        “<Words text={shown} />”
      </blockquote>
    </figure>
  );
}
