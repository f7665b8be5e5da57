/** The prefix of every public id: `run_` followed by a UUIDv7 in 32 hex digits. */
export const idPrefixes = {
  user: 'usr',
  session: 'ses',
  org: 'org',
  orgDeletion: 'odl',
  team: 'tea',
  teamMember: 'tem',
  member: 'mem',
  invitation: 'inv',
  serviceAccount: 'sva',
  apiKey: 'key',
  ssoProvider: 'sso',
  orgDomain: 'dom',
  joinBar: 'jba',
  ssoBypass: 'sby',
  secret: 'sec',
  networkSecret: 'nsc',
  modelSettings: 'mst',
  modelConnection: 'mco',
  sandboxAccount: 'sac',
  mcpServer: 'mcp',
  repo: 'rep',
  role: 'rol',
  roleVersion: 'rov',
  agent: 'agt',
  lineage: 'lin',
  policyVersion: 'pov',
  pipelineVersion: 'piv',
  task: 'tsk',
  pipelineRun: 'plr',
  stageAttempt: 'sta',
  run: 'run',
  sandbox: 'sbx',
  change: 'chg',
  checkResult: 'chk',
  environmentCheck: 'env',
  review: 'rev',
  handoff: 'hnd',
  claim: 'clm',
  command: 'cmd',
  stream: 'str',
  savedFilter: 'svf',
  blob: 'blb',
  approval: 'apr',
  approvalVote: 'vot',
  grant: 'grt',
  outbound: 'out',
  mail: 'mai',
  signInRequest: 'sir',
  budget: 'bud',
  budgetLimit: 'bul',
  budgetEntry: 'ben',
  reservation: 'res',
} as const;

export type IdKind = keyof typeof idPrefixes;

const pattern = /^[a-z]{3}_[0-9a-f]{32}$/;

/** True when `value` has the shape of an id of that kind; says nothing about whether the row exists. */
export function isId(kind: IdKind, value: string): boolean {
  return pattern.test(value) && value.startsWith(`${idPrefixes[kind]}_`);
}
