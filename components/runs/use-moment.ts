'use client';

import { useCallback, useEffect, useState } from 'react';

export type Moment = {
  /** The event that is looked at. */
  seq: number;
  /** How often something was gone to: what is gone to scrolls into sight, what was scrolled to does not. */
  times: number;
  by: 'jump' | 'scroll';
};

/** `#seq-12`, or `?event=12` for those who cannot write the other. */
function linked(): number | null {
  const found =
    /^#seq-(\d{1,9})$/.exec(window.location.hash)?.[1] ?? new URLSearchParams(window.location.search).get('event');
  const seq = Number(found);
  return Number.isInteger(seq) && seq > 0 ? seq : null;
}

export type Moments = {
  moment: Moment | null;
  /** The event of the address that the page was opened with; undefined until the page has come to life. */
  opened: number | null | undefined;
  jump: (seq: number) => void;
  scrolled: (seq: number) => void;
};

/** The moment of a run that axis, transcript and files show together. A link to an event of the run goes there. */
export function useMoment(): Moments {
  const [moment, setMoment] = useState<Moment | null>(null);
  const [opened, setOpened] = useState<number | null>();
  const jump = useCallback(
    (seq: number) => setMoment((before) => ({ seq, times: (before?.times ?? 0) + 1, by: 'jump' })),
    [],
  );
  const scrolled = useCallback(
    (seq: number) => setMoment((before) => ({ seq, times: before?.times ?? 0, by: 'scroll' })),
    [],
  );
  useEffect(() => {
    const seq = linked();
    setOpened(seq);
    if (seq !== null) setMoment({ seq, times: 1, by: 'jump' });
  }, []);
  useEffect(() => {
    const onHash = () => {
      const seq = linked();
      if (seq !== null) jump(seq);
    };
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, [jump]);
  return { moment, opened, jump, scrolled };
}
