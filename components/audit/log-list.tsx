'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogEventView } from '../../server/domain/views/audit-views.ts';
import { LogRow } from './log-row.tsx';

type Props = { org: string; events: LogEventView[]; whole: boolean; onEnd: () => void };

const keyOf = ({ streamId, seq }: Pick<LogEventView, 'streamId' | 'seq'>) => `${streamId}/${seq}`;

/** A list of any length: only what is near the window is on the page. */
export function LogList({ org, events, whole, onEnd }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [top, setTop] = useState(0);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const rows = useWindowVirtualizer({
    count: events.length,
    estimateSize: () => 33,
    overscan: 20,
    scrollMargin: top,
    getItemKey: (index) => (events[index] ? keyOf(events[index]) : index),
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!whole && last >= events.length - 20) onEnd();
  }, [whole, last, events.length, onEnd]);
  const toggle = (key: string) =>
    setOpened((before) =>
      before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]),
    );
  return (
    <ol ref={list} className="relative" style={{ height: rows.getTotalSize() }}>
      {shown.map(({ index, key, start }) => {
        const event = events[index];
        if (!event) return null;
        return (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={whole ? events.length : -1}
            className="absolute inset-x-0 top-0 border-b border-line"
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <LogRow org={org} event={event} open={opened.has(keyOf(event))} onToggle={() => toggle(keyOf(event))} />
          </li>
        );
      })}
    </ol>
  );
}
