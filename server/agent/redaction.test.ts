import { expect, it } from 'vitest';
import { harness } from './testing/harness.ts';
import { payloads } from './testing/log.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { reply } from './testing/scripted-model.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;
const own = 'correct horse battery';
const files = { 'src/a.env': `TOKEN=${token}\nOTHER=${Buffer.from(own).toString('base64')}\nPORT=3000\n` };
const fake = `npm_${'x9'.repeat(18)}`;
const looks = reply('looks', [['view', { path: 'src/a.env' }]]);
const writes = reply('writes', [['create', { path: 'test/b.js', content: `test("${fake}");\n` }]], {});
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);

it('what a tool shows reaches neither the model nor the log, and both have the same bytes', async () => {
  const { slice, log, model } = harness({
    ...{ sandbox: memorySandbox({ files }), ownValues: [{ name: 'PASSPHRASE', value: own }] },
    turns: [looks, handoff],
    inbox: [{ source: 'person', text: `Use ${token}, please.` }],
  });
  expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
  const [seen] = payloads(log, 'tool.finished');
  expect(seen?.text).toContain('TOKEN=[redacted: github-token]');
  expect(seen?.text).toContain('OTHER=[redacted: PASSPHRASE, base64]');
  expect(seen?.text).toContain('PORT=3000');
  const sent = JSON.stringify(model.requests);
  for (const secret of [token, own, Buffer.from(own).toString('base64')]) {
    expect(sent).not.toContain(secret);
    expect(JSON.stringify(log)).not.toContain(secret);
  }
  expect(sent).toContain(JSON.stringify(seen?.text).slice(1, -1));
  expect(sent).toContain('Use [redacted: github-token], please.');
});

it('what an agent writes itself reaches the file as it wrote it', async () => {
  const sandbox = memorySandbox({ files });
  const { slice, log } = harness({ sandbox, turns: [writes, handoff] });
  await slice();
  expect(new TextDecoder().decode(sandbox.files.get('test/b.js'))).toContain(fake);
  expect(payloads(log, 'tool.intended')[0]?.input).toMatchObject({ content: `test("${fake}");\n` });
});
