export type CommitFacts = {
  title: string;
  text: string;
  trailers: readonly (readonly [name: string, value: string])[];
};

/**
 * Subject, one paragraph and trailers. What people and agents wrote is flattened to one line each, so that none of it can
 * pose as a trailer.
 */
export function commitMessage({ title, text, trailers }: CommitFacts): string {
  const paragraph = oneLine(text);
  const lines = trailers.map(([name, value]) => `${name}: ${oneLine(value)}`);
  return [cut(oneLine(title), 120), ...(paragraph ? [paragraph] : []), lines.join('\n')].join('\n\n') + '\n';
}

/** Who a commit of an agent is by: a name people know, at an address that cannot exist. */
export function agentAuthor(agent: string): { name: string; email: string } {
  const local =
    agent
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'agent';
  return { name: `${oneLine(agent).replace(/[<>]/g, '')} (Fleet)`, email: `${local}@agents.fleet.invalid` };
}

export const platformAuthor = { name: 'Fleet', email: 'merge@fleet.invalid' } as const;

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
