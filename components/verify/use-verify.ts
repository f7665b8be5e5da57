'use client';

import { useEffect, useRef, useState } from 'react';
import type { Asked, Told } from './asked.ts';

export type Checking = { file: File; told: Told };

/** Checks a file in a worker of the browser; nothing of it is sent anywhere. */
export function useVerify() {
  const worker = useRef<Worker>(null);
  const [checking, setChecking] = useState<Checking | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);
  const verify = (asked: Asked) => {
    worker.current?.terminate();
    const fresh = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });
    worker.current = fresh;
    const say = (told: Told) => setChecking({ file: asked.file, told });
    say({ type: 'progress', read: 0 });
    fresh.onmessage = ({ data }: MessageEvent<Told>) => say(data);
    fresh.onerror = () => say({ type: 'refused', why: 'The verifier did not start in this browser.' });
    fresh.postMessage(asked);
  };
  return { checking, verify };
}
