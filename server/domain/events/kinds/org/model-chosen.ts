import { z } from 'zod';
import { modelRef } from '../../../models/model-settings.ts';

/** Which model answers for a use: `default`, `fallback` or a role by name. Null: none of its own any more. */
export const modelChosen = z.object({ use: z.string(), ref: modelRef.nullable() });
