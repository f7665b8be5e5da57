import { describe, expect, it } from 'vitest';
import { toolNames } from '../roles/role-body.ts';
import { toolGroups } from './tool-words.ts';

describe('toolGroups', () => {
  it('holds every tool once, and begins with what reaches farthest', () => {
    const groups = toolGroups(toolNames);
    expect(groups.flatMap(({ tools }) => tools).toSorted()).toEqual(toolNames.toSorted());
    expect(groups[0]).toEqual({
      does: 'Runs commands',
      within: 'inside its sandbox',
      tools: ['shell', 'job_start', 'job_stop', 'browser_open', 'browser_click', 'browser_type'],
    });
  });

  it('leaves out what a role has not', () => {
    expect(toolGroups(['view', 'decide']).map(({ does, within }) => `${does}, ${within}`)).toEqual([
      'Hands over, people decide',
      'Reads, where role and task allow',
    ]);
  });
});
