/** How long a server may take to answer, in ms. */
export const callMs = 120_000;
/** A process that is being fetched and started for the first time. */
export const connectMs = 120_000;
/** Later than the calls' own end, so that theirs is the one that is told. */
export const askMs = callMs + 15_000;
/** Of one message; a stream of several may have no more either. */
export const mostMessageBytes = 4 * 2 ** 20;
