'use client';

import { clsx } from 'clsx';
import { useState } from 'react';
import { plural } from './format.ts';
import { cutLines, revealHidden, stripAnsi } from './plain-text.ts';

/** Text as it is, with every character that would otherwise be unseen shown by its code point. */
export function Revealed({ text }: { text: string }) {
  return revealHidden(text).map((part, index) =>
    part.hidden ? (
      <span key={index} className="rounded-sm bg-bad-soft px-0.5 text-xs text-bad" title="A character that is not seen">
        ‹{part.text}›
      </span>
    ) : (
      part.text
    ),
  );
}

type Props = { text: string; label: string; lines?: number; className?: string };

/** Output or code in a box that scrolls; a long one opens in full on request. */
export function Code({ text, label, lines = 60, className }: Props) {
  const [whole, setWhole] = useState(false);
  const clean = stripAnsi(text);
  const { shown, more } = whole ? { shown: clean, more: 0 } : cutLines(clean, lines);
  return (
    <div className={clsx('min-w-0 overflow-hidden rounded-md border border-line bg-sunken', className)}>
      <pre
        dir="ltr"
        tabIndex={0}
        role="region"
        aria-label={label}
        className="max-h-96 overflow-auto px-3 py-2 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
      >
        {/* Never straight into the pre: a browser swallows a line break that follows its opening tag. */}
        <span className={shown === '' ? 'text-ink-3' : undefined}>
          {shown === '' ? '(empty)' : <Revealed text={shown} />}
        </span>
      </pre>
      {more > 0 && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="w-full border-t border-line px-3 py-1.5 text-left text-xs text-accent hover:bg-hover"
        >
          Show {plural(more, 'more line', 'more lines')}
        </button>
      )}
    </div>
  );
}
