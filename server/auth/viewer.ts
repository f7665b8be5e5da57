/** The signed-in person. `operator` runs the installation and sees no org's content by it. */
export type Viewer = {
  userId: string;
  email: string;
  operator: boolean;
  /** The session that says so; absent where a test speaks for a person. */
  sessionId?: string;
  /** Through which identity provider the session was made; null or absent: by mail. */
  provider?: string | null;
};
