'use client';

import { Check, Copy as CopyIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { shortHash } from './format.ts';

/** An id or a commit, shortened for the eye and copied whole. */
export function Copyable({ value, shown = shortHash(value), what }: { value: string; shown?: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : CopyIcon;
  return (
    <button
      type="button"
      title={value}
      onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
      className="figures inline-flex max-w-full items-center gap-1 rounded-sm text-sm hover:text-accent"
    >
      <span className="truncate">{shown}</span>
      <span className="sr-only">{copied ? `${what} copied` : `copy ${what}`}</span>
      <Icon aria-hidden className="size-3 shrink-0 text-ink-3" />
    </button>
  );
}
