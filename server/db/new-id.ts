import { v7 } from 'uuid';
import { idPrefixes } from '../domain/ids.ts';
import type { IdKind } from '../domain/ids.ts';

/** A new public id: sorts by the time it was made, cannot be guessed. */
export function newId(kind: IdKind): string {
  return `${idPrefixes[kind]}_${v7().replaceAll('-', '')}`;
}
