/** A team: its people, and what shares its budget, by name. */
export type TeamView = {
  id: string;
  name: string;
  memberIds: string[];
  repos: string[];
  agents: string[];
};

export type TeamsView = { teams: TeamView[]; members: { id: string; email: string }[] };
