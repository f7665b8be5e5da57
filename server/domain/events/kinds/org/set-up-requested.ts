import { z } from 'zod';
import { networkRequest } from '../../../network/network-request.ts';

/** What a set-up asked the network for, written down before it leaves: a set-up has no run and so no log of its own. */
export const setUpRequested = networkRequest.extend({ repoId: z.string(), commit: z.string() });
