/** What the TXT records of a name say; none for a name without them. Throws AppError `unavailable` when DNS does not answer. */
export type TxtRecords = (name: string) => Promise<string[]>;
