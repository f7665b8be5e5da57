import { Revealed } from './code.tsx';

/** Text in which `back-ticks` mark code; nothing else of it is interpreted. */
export function Words({ text }: { text: string }) {
  return text.split(/(`[^`\n]+`)/).map((part, index) =>
    index % 2 === 1 ? (
      <code key={index} className="font-mono text-[0.94em]">
        <Revealed text={part.slice(1, -1)} />
      </code>
    ) : (
      <Revealed key={index} text={part} />
    ),
  );
}
