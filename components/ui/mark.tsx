import { clsx } from 'clsx';
import {
  Circle,
  CircleAlert,
  CircleCheck,
  CircleX,
  Clock,
  Hand,
  ShieldAlert,
  Square,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';

export const tones = ['running', 'needs-you', 'waiting', 'good', 'bad', 'stopped', 'quarantined', 'doubtful'] as const;
export type Tone = (typeof tones)[number];

const looks: Record<Tone, { icon: LucideIcon; chip: string; bare: string }> = {
  running: { icon: Circle, chip: 'border-transparent bg-running-soft text-running', bare: 'text-running' },
  'needs-you': { icon: Hand, chip: 'border-transparent bg-needs text-on-needs', bare: 'text-needs-ink' },
  waiting: { icon: Clock, chip: 'border-line-strong text-ink-2', bare: 'text-ink-2' },
  good: { icon: CircleCheck, chip: 'border-transparent bg-good-soft text-good', bare: 'text-good' },
  bad: { icon: CircleX, chip: 'border-bad text-bad', bare: 'text-bad' },
  stopped: { icon: Square, chip: 'border-line-strong text-ink-2', bare: 'text-ink-2' },
  quarantined: {
    icon: ShieldAlert,
    chip: 'border-quarantined bg-quarantined-soft text-quarantined',
    bare: 'text-quarantined',
  },
  doubtful: { icon: CircleAlert, chip: 'border-needs-ink text-needs-ink', bare: 'text-needs-ink' },
};

/** The icon of a state; running breathes. Never alone: a word stands beside it. */
export function ToneIcon({ tone, className }: { tone: Tone; className?: string }) {
  const { icon: Icon, bare } = looks[tone];
  const running = tone === 'running' && 'animate-breathe fill-current';
  return <Icon aria-hidden className={clsx('size-4 shrink-0', bare, running, className)} />;
}

/** A state as icon, word and colour, so that it also reads in greyscale. */
export function Mark({ tone, children, bare = false }: { tone: Tone; children: ReactNode; bare?: boolean }) {
  const { icon: Icon, chip, bare: plain } = looks[tone];
  const running = tone === 'running' && 'animate-breathe fill-current';
  return (
    <span
      className={clsx(
        'inline-flex shrink-0 items-center gap-1.5 text-sm font-medium whitespace-nowrap',
        bare ? plain : `h-6 rounded-full border px-2 ${chip}`,
      )}
    >
      <Icon aria-hidden className={clsx('size-3.5', running)} />
      {children}
      {tone === 'quarantined' && <span aria-hidden className="hatched h-3 w-4 opacity-70" />}
    </span>
  );
}

/** The word of a state in its colour, where its icon stands near already. */
export function ToneWord({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={clsx('text-sm font-medium', looks[tone].bare)}>{children}</span>;
}
