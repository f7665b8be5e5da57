/** A secret as everybody may see it. Times are ISO 8601 UTC. */
export type SecretView = {
  id: string;
  /** The variable that holds its placeholder. */
  name: string;
  places: string[];
  header: string;
  inSetUp: boolean;
  inRuns: boolean;
  /** Null: in every repo of the org. */
  repoId: string | null;
  repoName: string | null;
  updatedAt: string;
};
