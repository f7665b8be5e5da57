'use client';

import { clsx } from 'clsx';
import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { ButtonHTMLAttributes, ComponentProps, MouseEvent } from 'react';
import { useAlive } from './use-alive.ts';

export type ButtonLook = 'primary' | 'plain' | 'danger' | 'quiet';
type Size = 'small' | 'normal' | 'tall';

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent-fill text-on-accent border-transparent hover:bg-accent-fill-hover',
  plain: 'bg-panel text-ink border-control hover:bg-hover',
  danger: 'bg-panel text-bad border-bad hover:bg-bad-soft',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink',
};
const sizes: Record<Size, string> = {
  small: 'h-7 px-2.5 text-sm pointer-coarse:h-10',
  normal: 'h-8 px-3 text-sm pointer-coarse:h-11',
  tall: 'h-12 px-4 text-base',
};

/** The classes of a button, for an element that must be something else. */
export function buttonClass(look: ButtonLook = 'plain', size: Size = 'normal', extra?: string): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap',
    'transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55',
    looks[look],
    sizes[size],
    extra,
  );
}

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: ButtonLook;
  size?: Size;
  busy?: boolean;
  /** Its form is sent by the browser itself: there is no page to wait for. */
  native?: boolean;
};

/**
 * `busy` keeps label and focus, shows that work goes on and takes no second click. One that submits waits for its page to
 * come to life: before that the browser would send the form, and what was typed would be lost.
 */
export function Button(props: Props) {
  const { look, size, busy = false, native = false, className, children, onClick, type = 'button', ...rest } = props;
  const alive = useAlive();
  const click = (event: MouseEvent<HTMLButtonElement>) => (busy ? event.preventDefault() : onClick?.(event));
  return (
    <button
      type={type}
      className={buttonClass(look, size, className)}
      aria-disabled={busy || undefined}
      aria-busy={busy}
      onClick={click}
      {...rest}
      disabled={rest.disabled || (type === 'submit' && !native && !alive)}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-turn" />}
      {children}
    </button>
  );
}

type LinkProps = ComponentProps<typeof Link> & { look?: ButtonLook; size?: Size };

export function ButtonLink({ look, size, className, ...rest }: LinkProps) {
  return <Link className={buttonClass(look, size, className)} {...rest} />;
}
