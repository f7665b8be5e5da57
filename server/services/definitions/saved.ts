/** What became of a draft: in force as this version, or put before those who have to approve it. */
export type Saved = { version: number } | { approvalId: string };
