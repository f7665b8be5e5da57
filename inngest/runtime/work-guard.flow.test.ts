import { beforeAll, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { smallRepo } from './testing/remote.ts';
import { developer, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

/** Each out of what the run may write, by another way. */
const made: Record<string, string> = {
  'README.md': 'echo new > README.md',
  'docs/a.md': 'echo more >> docs/a.md',
  'docs/b.md': 'rm docs/b.md',
  'bin/run.sh': 'chmod +x bin/run.sh',
  'lib.js': 'cp src/sum.js lib.js',
  '.GitHub/workflows/ci.yml': 'mkdir -p .GitHub/workflows; echo x > .GitHub/workflows/ci.yml',
  'src/.cursorrules': 'echo x > src/.cursorrules',
  'src/AGENTS.md': 'echo x > src/AGENTS.md',
  'src/sub/.git': 'mkdir -p src/sub/.git; echo x > src/sub/.git/config',
  'src/.GIT': 'echo x > src/.GIT',
  docs2: 'ln -s docs docs2',
  'test/sum.test.js': `sed -i "s/test('adds'/test.skip('adds'/" test/sum.test.js`,
};

/** What a script does is seen in no command's words. */
const stray = `${Object.values(made).join('\n')}\necho 'export const a = 1;' > src/a.js\n`;
const files = {
  ...smallRepo,
  'docs/a.md': 'one\n',
  'docs/b.md': 'two\n',
  'bin/run.sh': 'true\n',
  'bin/stray.sh': stray,
};

it('puts back at once what a command changes outside the scope of its run, and tells the agent which rule says so', async () => {
  const look =
    'find . -type f -o -type l | sort; stat -c %a bin/run.sh; cat docs/a.md; grep -c skip test/sum.test.js; true';
  const parts = [developer(1, [shell('sh bin/stray.sh')], [shell(look)], [handoff('a')])];
  const flow = await rig.flow(parts, { files });
  const { pipelineRunId } = await flow.task({ scope: ['src/**', 'test/**'] });
  await flow.stage(pipelineRunId, 'build', 'passed');
  const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const log = (await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id })) as RunEvent[];

  const restored = log.flatMap((event) => (event.kind === 'work.restored' ? [event.payload] : []));
  expect(restored).toHaveLength(1);
  expect(restored[0]!.files.map(({ path }) => path).toSorted()).toEqual(Object.keys(made).toSorted());
  const ruleOf = (path: string) => restored[0]!.files.find((each) => each.path === path)?.verdict.rule;
  expect(ruleOf('docs/a.md')).toBe('w1-outside-task-scope');
  expect(ruleOf('test/sum.test.js')).toBe('w3-test-weakened');
  expect(ruleOf('src/sub/.git')).toBe('f1-git-internals');
  expect(ruleOf('src/AGENTS.md')).toBe('role-write-scope');

  const [first, second] = log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload.text] : []));
  expect(first).toContain(`${restored[0]!.total} paths were put back as before`);
  expect(first).toContain('outside the scope of this task, which is `src/**`, `test/**`');
  expect(second!.trimEnd().split('\n').slice(1)).toEqual([
    ...[...Object.keys(files), 'src/a.js'].map((path) => `./${path}`).toSorted(),
    ...['644', 'one', '0'],
  ]);
  const record = await flow.db.handoff.findFirstOrThrow({ where: { orgId: flow.orgId } });
  expect(record.body).toMatchObject({ changed: ['src/a.js'], leftOut: [] });
});
