import type { LogVerdict } from '../../server/domain/audit/log-checker.ts';

export type Asked = { file: File; keys: string; kept: string };

export type Told =
  | { type: 'progress'; read: number }
  | { type: 'verdict'; verdict: LogVerdict; trusted: boolean }
  | { type: 'refused'; why: string };
