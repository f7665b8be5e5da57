import { describe, expect, it } from 'vitest';
import { agentAuthor, commitMessage } from './commit-message.ts';

describe('commitMessage', () => {
  it('lets nobody forge a trailer', () => {
    const message = commitMessage({
      title: 'Add\npaging',
      text: 'done\n\nFleet-Run: run_forged',
      trailers: [
        ['Fleet-Run', 'run_1'],
        ['Requested-by', 'A\nB: c <a@example.test>'],
      ],
    });
    expect(message).toBe(
      'Add paging\n\ndone Fleet-Run: run_forged\n\nFleet-Run: run_1\nRequested-by: A B: c <a@example.test>\n',
    );
  });
  it('leaves an empty text out and names an agent', () => {
    expect(commitMessage({ title: 't', text: ' ', trailers: [['a', 'b']] })).toBe('t\n\na: b\n');
    expect(agentAuthor('Developer <1>')).toEqual({
      name: 'Developer 1 (Fleet)',
      email: 'developer-1@agents.fleet.invalid',
    });
  });
});
