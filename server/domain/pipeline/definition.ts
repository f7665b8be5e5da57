import { z } from 'zod';

const stageKinds = ['agent', 'check', 'approval', 'merge'] as const;

/** A pipeline version: stages in order, each with where it goes when it fails and how often before a person decides. */
export const pipelineDefinition = z.object({
  name: z.string(),
  stages: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(stageKinds),
      role: z.string().nullable(),
      onFail: z.object({ goTo: z.string(), atMost: z.int().nonnegative() }).nullable(),
    }),
  ),
});
export type PipelineDefinition = z.infer<typeof pipelineDefinition>;

/** The default pipeline `change`, version 1, without its optional stages. */
export const changePipeline: PipelineDefinition = {
  name: 'change',
  stages: [
    { name: 'prepare', kind: 'check', role: null, onFail: null },
    { name: 'build', kind: 'agent', role: 'developer', onFail: null },
    { name: 'check', kind: 'check', role: null, onFail: { goTo: 'build', atMost: 3 } },
    { name: 'review', kind: 'agent', role: 'code-reviewer', onFail: { goTo: 'build', atMost: 2 } },
    { name: 'merge-ok', kind: 'approval', role: null, onFail: { goTo: 'build', atMost: 2 } },
    { name: 'merge', kind: 'merge', role: null, onFail: { goTo: 'build', atMost: 2 } },
  ],
};
