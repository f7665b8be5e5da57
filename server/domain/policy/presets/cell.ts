import type { Decider } from '../verdict.ts';

/** A cell of the table: A allow, D deny, K and who is asked; null where the row says nothing in that preset. */
export type Cell = 'A' | 'D' | `K ${Decider}` | null;

/** A row of the table, with its cells in the order cautious, balanced, autonomous. `limit`: lower layers may only narrow it. */
export type Row = { body: Record<string, unknown> & { id: string }; limit?: true; cells: [Cell, Cell, Cell] };

export const all = (cell: Cell): [Cell, Cell, Cell] => [cell, cell, cell];
