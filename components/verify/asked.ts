import type { FileVerdict } from '../../server/domain/audit/check-file.ts';

export type Asked = { file: File; keys: string; kept: string };

export type Told =
  | { type: 'progress'; read: number }
  | { type: 'verdict'; verdict: FileVerdict; trusted: boolean }
  | { type: 'refused'; why: string };
