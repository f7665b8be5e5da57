import { beforeAll, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { saveSecret } from '../../server/services/secrets/save-secret.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';

const own = 'correct-horse-battery';
const token = `ghp_${'a1B2'.repeat(9)}`;
const encoded = Buffer.from(`deploy with ${own} today`).toString('base64');
/** Puts both together where no model and no log sees them. */
const lying = `printf 'ghp_%s%s%s%s%s%s%s%s%s\\n' ${'a1B2 '.repeat(9)} > notes.txt; printf '%s%s\\n' ${encoded.slice(0, 24)} ${encoded.slice(24)} >> notes.txt`;

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

it('what lies about in a repository reaches neither the log, nor kept outputs, nor the live page', async () => {
  const flow = await rig.flow(
    [
      developer(
        1,
        [shell(`${lying}; cat notes.txt; yes "$(head -1 notes.txt) and more" | head -3000; rm notes.txt`)],
        [create('src/double.js', 'export const double = (n) => n * 2;\n')],
        [create('test/double.test.js', doubleTest())],
        [handoff('double() doubles a number.')],
      ),
      approves,
    ],
    { idle: true },
  );
  const shown: string[] = [];
  flow.worker.publish = async (_, { text }) => void shown.push(text);
  const entry = { places: ['example.com'], header: 'Authorization: Bearer {}', inSetUp: true, inRuns: false };
  await saveSecret(
    { ...flow.by(), secretBoxes: flow.worker.secretBoxes },
    { ...entry, name: 'DEPLOY', value: own, secretId: null, repoId: null },
  );
  await flow.start();
  const { pipelineRunId } = await flow.task();
  await flow.pending(pipelineRunId, 'merge');

  const { db, orgId } = flow;
  const [run] = await db.run.findMany({ where: { orgId }, orderBy: { id: 'asc' } });
  const log = await readAllEvents(db, { orgId, kind: 'run', subject: run!.id });
  const output = log.find(({ kind }) => kind === 'tool.finished');
  expect(JSON.stringify(output?.payload)).toContain('[redacted: github-token]');
  expect(JSON.stringify(output?.payload)).toContain('[redacted: DEPLOY, base64]');
  const chunks = await db.blobChunk.findMany({ where: { orgId } });
  const everything = [JSON.stringify(log), ...chunks.map(({ data }) => Buffer.from(data).toString()), ...shown];
  expect(chunks.some(({ data }) => Buffer.from(data).includes('[redacted: github-token] and more'))).toBe(true);
  expect(shown.join('')).toContain('Step 1.');
  for (const text of everything) {
    for (const secret of [token, own, encoded.slice(16, 44)]) expect(text).not.toContain(secret);
  }
  expect(flow.reported).toEqual([]);
});
