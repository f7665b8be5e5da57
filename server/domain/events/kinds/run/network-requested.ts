import { networkRequest } from '../../../network/network-request.ts';

/** What the sandbox asked the network for, written down before it leaves. */
export const networkRequested = networkRequest;
