import { describe, expect, it } from 'vitest';
import { recordedAction } from '../../domain/policy/recorded-action.ts';
import { toolNames } from '../../domain/roles/role-body.ts';
import { boardOf } from '../testing/call-tool.ts';
import { acceptingDesk, memoryBlobs, noBrowser, noServers, noWeb } from '../testing/harness.ts';
import { memorySandbox } from '../testing/memory-sandbox.ts';
import { bindTools } from './toolbox.ts';

const inputs: unknown[] = [
  { command: 'ls -la' },
  { path: 'src/a.js' },
  { path: 'src/a.js', content: 'x' },
  { path: 'src/a.js', old_text: 'a', new_text: 'b' },
  { path: 'src/a.js', after_line: 1, text: 'x' },
  { url: 'https://example.com/' },
  {},
  { element: 1 },
  { element: 1, text: 'x' },
  { pattern: 'x' },
  { pattern: 'x', path: 'src' },
];
/** Kinds that no rule speaks of, whatever the tool. */
const within = new Set([
  'own_output',
  'own_job',
  'plan',
  'claim_paths',
  'delegate',
  'report',
  'decide',
  'ask_person',
  'handoff',
]);

describe('a recorded call', () => {
  it.each(toolNames)('of %s is the action that the tool put to policy', (name) => {
    const sandbox = memorySandbox();
    const held = { browser: noBrowser, web: noWeb, servers: noServers, blobs: memoryBlobs(), desk: acceptingDesk() };
    const tools = bindTools({ sandbox, jobs: boardOf(sandbox), ...held, names: [...toolNames] });
    for (const input of inputs) {
      const prepared = tools.prepare(name, input);
      if ('problem' in prepared) continue;
      const { action } = prepared;
      expect(recordedAction(name, input)).toEqual(within.has(action.kind) ? null : action);
    }
  });
});
