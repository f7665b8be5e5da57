-- AlterEnum
ALTER TYPE "ApprovalKind" ADD VALUE 'definition';

-- AlterTable
ALTER TABLE "approval" ALTER COLUMN "pipeline_run_id" DROP NOT NULL,
ALTER COLUMN "stage_attempt_id" DROP NOT NULL;

-- A version of a policy or role belongs to no task; everything else does. As text: a value of an enum that was added in this
-- transaction cannot be used in it.
ALTER TABLE "approval" ADD CONSTRAINT "approval_of_a_task" CHECK (
  ("kind"::text = 'definition') = ("pipeline_run_id" IS NULL) AND ("pipeline_run_id" IS NULL) = ("stage_attempt_id" IS NULL)
);
