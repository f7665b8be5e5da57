import { readingTools, type RoleBody } from './role-body.ts';

/** A role and the one agent that onboarding hires into it. `secondsLimit` is the agent's run time for a month. */
export type StarterRole = {
  name: string;
  agent: { name: string; maxRuns: number; secondsLimit: number };
  body: RoleBody;
};

const developer: StarterRole = {
  name: 'developer',
  agent: { name: 'Developer', maxRuns: 4, secondsLimit: 54_000 },
  body: {
    title: 'Developer',
    purpose:
      'Turn one task into the smallest change that meets its acceptance points, with tests that would have failed ' +
      'before. Work inside the given scope and say plainly what is unfinished.',
    rules: [
      "Run the repo's tests before the first edit and after the last, and report the result you saw.",
      'A failing test is a fact about the code: do not delete, skip, loosen or re-record it unless the task states the ' +
        'new behaviour; if you think it is wrong, ask.',
      'A refusal is an answer: never pursue the same goal another way; request scope or report a blocker.',
    ],
    write: {
      include: ['**'],
      exclude: ['@ci', '@infra', '@owners', '@agent-config', '@secrets', '@generated'],
    },
    tools: [
      'plan',
      'claim_paths',
      'shell',
      'job_start',
      'job_read',
      'job_stop',
      'browser_open',
      'browser_read',
      'browser_click',
      'browser_type',
      'browser_screenshot',
      'fetch_url',
      'view',
      'create',
      'replace',
      'insert',
      'search',
      'find',
      'read_output',
      'delegate',
      'ask_person',
      'request_scope',
      'request_budget',
      'report_blocker',
      'handoff',
    ],
    servers: [],
    tier: 'standard',
    secondsLimit: 1_800,
    costLimitMicros: 5_000_000,
    network: { registries: [], rules: [] },
    idlePercent: 40,
    contract: 'build',
  },
};

const codeReviewer: StarterRole = {
  name: 'code-reviewer',
  agent: { name: 'Code reviewer', maxRuns: 4, secondsLimit: 54_000 },
  body: {
    title: 'Code reviewer',
    purpose:
      'Decide whether this commit does what the task asked and nothing else. Look for what the tests do not show.',
    rules: [
      'A must finding names a changed line and carries evidence you produced.',
      'For each changed behaviour try one input that no test covers: zero, negative, huge, empty, repeated, somebody ' +
        "else's.",
      'At most ten findings, no taste as must, and in round two only what the new commit touched or left undone.',
    ],
    write: { include: [], exclude: ['**'] },
    tools: [...readingTools, 'delegate', 'ask_person', 'report_blocker', 'decide'],
    servers: [],
    tier: 'strong',
    secondsLimit: 900,
    costLimitMicros: 3_000_000,
    network: { registries: [], rules: [] },
    idlePercent: 40,
    contract: 'review',
  },
};

/** The roles of a new org, hired in this order. */
export const starterRoles: readonly StarterRole[] = [developer, codeReviewer];
