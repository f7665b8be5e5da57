-- CreateEnum
CREATE TYPE "OrgRole" AS ENUM ('owner', 'admin', 'maintainer', 'approver', 'member', 'auditor');

-- CreateEnum
CREATE TYPE "RepoSource" AS ENUM ('sample', 'local', 'git');

-- CreateEnum
CREATE TYPE "TaskSource" AS ENUM ('ui', 'api', 'demo');

-- CreateEnum
CREATE TYPE "PipelineRunStatus" AS ENUM ('queued', 'running', 'waiting', 'succeeded', 'failed', 'stopped');

-- CreateEnum
CREATE TYPE "StageKind" AS ENUM ('agent', 'check', 'approval', 'merge');

-- CreateEnum
CREATE TYPE "StageStatus" AS ENUM ('queued', 'running', 'waiting', 'passed', 'failed', 'stopped');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('queued', 'running', 'waiting', 'succeeded', 'failed', 'stopped');

-- CreateEnum
CREATE TYPE "ChangeStatus" AS ENUM ('open', 'merged', 'closed');

-- CreateEnum
CREATE TYPE "CheckVerdict" AS ENUM ('passed', 'failed', 'broken');

-- CreateEnum
CREATE TYPE "ReviewVerdict" AS ENUM ('approve', 'changes_requested');

-- CreateEnum
CREATE TYPE "StreamKind" AS ENUM ('run', 'org');

-- CreateEnum
CREATE TYPE "ApprovalKind" AS ENUM ('merge', 'question', 'escalation');

-- CreateEnum
CREATE TYPE "ApprovalStatus" AS ENUM ('pending', 'approved', 'denied', 'expired', 'voided');

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" TIMESTAMPTZ(3),
    "name" TEXT,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "scope" TEXT,

    CONSTRAINT "account_pkey" PRIMARY KEY ("provider","provider_account_id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "session_token" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification_token" (
    "identifier" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_token_pkey" PRIMARY KEY ("identifier","token")
);

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "operator_user_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "locator" (
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "target" TEXT NOT NULL,

    CONSTRAINT "locator_pkey" PRIMARY KEY ("kind","key")
);

-- CreateTable
CREATE TABLE "price" (
    "model" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "prompt_up_to" INTEGER NOT NULL,
    "input_micros" BIGINT NOT NULL,
    "output_micros" BIGINT NOT NULL,
    "cache_read_micros" BIGINT NOT NULL,
    "cache_write_micros" BIGINT NOT NULL,

    CONSTRAINT "price_pkey" PRIMARY KEY ("model","valid_from","prompt_up_to")
);

-- CreateTable
CREATE TABLE "outbox_mail" (
    "id" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbox_mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "org" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "org_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" "OrgRole" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "secret" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "hint" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "secret_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "repo" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "source" "RepoSource" NOT NULL,
    "remote" TEXT NOT NULL,
    "default_branch" TEXT NOT NULL,
    "test_command" TEXT NOT NULL,
    "files" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "repo_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "role" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "role_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "role_version" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "role_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "role_version_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "agent" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role_id" TEXT NOT NULL,
    "repo_id" TEXT,
    "max_runs" INTEGER NOT NULL,
    "seconds_limit" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "lineage" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "role_id" TEXT NOT NULL,
    "repo_id" TEXT NOT NULL,
    "quarantined_at" TIMESTAMPTZ(3),

    CONSTRAINT "lineage_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "policy_version" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "layer" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "pipeline_version" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pipeline_version_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "task" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "repo_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "acceptance" TEXT[],
    "scope" TEXT[],
    "source" "TaskSource" NOT NULL,
    "source_key" TEXT NOT NULL,
    "requester_id" TEXT NOT NULL,
    "seconds_limit" INTEGER NOT NULL,
    "cost_limit_micros" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "pipeline_run" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "task_id" TEXT NOT NULL,
    "pipeline_version_id" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "status" "PipelineRunStatus" NOT NULL,
    "waits" JSONB,
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "pipeline_run_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "stage_attempt" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "pipeline_run_id" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "kind" "StageKind" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" "StageStatus" NOT NULL,
    "input" JSONB NOT NULL,
    "outcome" JSONB,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "stage_attempt_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "run" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "stage_attempt_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "role_version_id" TEXT NOT NULL,
    "policy_version_id" TEXT NOT NULL,
    "status" "RunStatus" NOT NULL,
    "waits" JSONB,
    "model" TEXT NOT NULL,
    "scripted" BOOLEAN NOT NULL,
    "seconds_limit" INTEGER NOT NULL,
    "cost_limit_micros" BIGINT NOT NULL,
    "millis_used" BIGINT NOT NULL DEFAULT 0,
    "cost_micros" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_read_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
    "turns" INTEGER NOT NULL DEFAULT 0,
    "tool_calls" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_generation" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "progress_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "change" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "pipeline_run_id" TEXT NOT NULL,
    "repo_id" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "head" TEXT,
    "patch_id" TEXT,
    "files" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "removed" INTEGER NOT NULL DEFAULT 0,
    "status" "ChangeStatus" NOT NULL,
    "merged" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "check_result" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "stage_attempt_id" TEXT NOT NULL,
    "change_id" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "verdict" "CheckVerdict" NOT NULL,
    "evidence" JSONB NOT NULL,
    "blob_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "check_result_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "review" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "stage_attempt_id" TEXT NOT NULL,
    "change_id" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "verdict" "ReviewVerdict" NOT NULL,
    "findings" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "handoff" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "handoff_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "claim" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "pipeline_run_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "claim_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "command" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "by_user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),

    CONSTRAINT "command_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "stream" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" "StreamKind" NOT NULL,
    "subject" TEXT NOT NULL,
    "head_seq" INTEGER NOT NULL DEFAULT 0,
    "head_hash" BYTEA NOT NULL,
    "writer_generation" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "stream_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "event" (
    "org_id" TEXT NOT NULL,
    "stream_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "header" BYTEA NOT NULL,
    "payload" BYTEA NOT NULL,
    "salt" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("org_id","stream_id","seq")
);

-- CreateTable
CREATE TABLE "blob" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "blob_chunk" (
    "org_id" TEXT NOT NULL,
    "blob_id" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "blob_chunk_pkey" PRIMARY KEY ("org_id","blob_id","n")
);

-- CreateTable
CREATE TABLE "approval" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "pipeline_run_id" TEXT NOT NULL,
    "stage_attempt_id" TEXT NOT NULL,
    "run_id" TEXT,
    "kind" "ApprovalKind" NOT NULL,
    "subject" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "quorum" INTEGER NOT NULL DEFAULT 1,
    "status" "ApprovalStatus" NOT NULL,
    "answer" TEXT,
    "self_approved" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "approval_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "approval_vote" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "approval_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "approval_vote_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "grant" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "approval_id" TEXT NOT NULL,
    "allows" JSONB NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "grant_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "outbound" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "intent_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "external_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbound_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_session_token_key" ON "session"("session_token");

-- CreateIndex
CREATE UNIQUE INDEX "verification_token_token_key" ON "verification_token"("token");

-- CreateIndex
CREATE INDEX "outbox_mail_sent_at_idx" ON "outbox_mail"("sent_at");

-- CreateIndex
CREATE UNIQUE INDEX "org_slug_key" ON "org"("slug");

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_org_id_user_id_key" ON "member"("org_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "secret_org_id_name_key" ON "secret"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "repo_org_id_name_key" ON "repo"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "role_org_id_name_key" ON "role"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "role_version_org_id_role_id_version_key" ON "role_version"("org_id", "role_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "agent_org_id_name_key" ON "agent"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "lineage_org_id_role_id_repo_id_key" ON "lineage"("org_id", "role_id", "repo_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_version_org_id_layer_target_version_key" ON "policy_version"("org_id", "layer", "target", "version");

-- CreateIndex
CREATE UNIQUE INDEX "pipeline_version_org_id_name_version_key" ON "pipeline_version"("org_id", "name", "version");

-- CreateIndex
CREATE UNIQUE INDEX "task_org_id_number_key" ON "task"("org_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "task_org_id_source_source_key_key" ON "task"("org_id", "source", "source_key");

-- CreateIndex
CREATE INDEX "pipeline_run_org_id_status_idx" ON "pipeline_run"("org_id", "status");

-- CreateIndex
CREATE INDEX "pipeline_run_org_id_task_id_idx" ON "pipeline_run"("org_id", "task_id");

-- CreateIndex
CREATE INDEX "stage_attempt_org_id_status_idx" ON "stage_attempt"("org_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "stage_attempt_org_id_pipeline_run_id_stage_attempt_key" ON "stage_attempt"("org_id", "pipeline_run_id", "stage", "attempt");

-- CreateIndex
CREATE INDEX "run_org_id_status_idx" ON "run"("org_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "run_org_id_stage_attempt_id_key" ON "run"("org_id", "stage_attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "change_org_id_number_key" ON "change"("org_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "change_org_id_pipeline_run_id_key" ON "change"("org_id", "pipeline_run_id");

-- CreateIndex
CREATE INDEX "check_result_org_id_change_id_idx" ON "check_result"("org_id", "change_id");

-- CreateIndex
CREATE INDEX "review_org_id_change_id_idx" ON "review"("org_id", "change_id");

-- CreateIndex
CREATE INDEX "handoff_org_id_run_id_idx" ON "handoff"("org_id", "run_id");

-- CreateIndex
CREATE INDEX "claim_org_id_kind_subject_idx" ON "claim"("org_id", "kind", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "command_org_id_run_id_seq_key" ON "command"("org_id", "run_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "stream_org_id_kind_subject_key" ON "stream"("org_id", "kind", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "blob_org_id_sha256_key" ON "blob"("org_id", "sha256");

-- CreateIndex
CREATE INDEX "approval_org_id_status_idx" ON "approval"("org_id", "status");

-- CreateIndex
CREATE INDEX "approval_org_id_pipeline_run_id_idx" ON "approval"("org_id", "pipeline_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "approval_vote_org_id_approval_id_user_id_key" ON "approval_vote"("org_id", "approval_id", "user_id");

-- CreateIndex
CREATE INDEX "grant_org_id_run_id_idx" ON "grant"("org_id", "run_id");

-- CreateIndex
CREATE UNIQUE INDEX "outbound_org_id_intent_key_key" ON "outbound"("org_id", "intent_key");

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_version" ADD CONSTRAINT "role_version_org_id_role_id_fkey" FOREIGN KEY ("org_id", "role_id") REFERENCES "role"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_org_id_role_id_fkey" FOREIGN KEY ("org_id", "role_id") REFERENCES "role"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lineage" ADD CONSTRAINT "lineage_org_id_role_id_fkey" FOREIGN KEY ("org_id", "role_id") REFERENCES "role"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lineage" ADD CONSTRAINT "lineage_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pipeline_run" ADD CONSTRAINT "pipeline_run_org_id_task_id_fkey" FOREIGN KEY ("org_id", "task_id") REFERENCES "task"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pipeline_run" ADD CONSTRAINT "pipeline_run_org_id_pipeline_version_id_fkey" FOREIGN KEY ("org_id", "pipeline_version_id") REFERENCES "pipeline_version"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage_attempt" ADD CONSTRAINT "stage_attempt_org_id_pipeline_run_id_fkey" FOREIGN KEY ("org_id", "pipeline_run_id") REFERENCES "pipeline_run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_org_id_stage_attempt_id_fkey" FOREIGN KEY ("org_id", "stage_attempt_id") REFERENCES "stage_attempt"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_org_id_agent_id_fkey" FOREIGN KEY ("org_id", "agent_id") REFERENCES "agent"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_org_id_role_version_id_fkey" FOREIGN KEY ("org_id", "role_version_id") REFERENCES "role_version"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_org_id_policy_version_id_fkey" FOREIGN KEY ("org_id", "policy_version_id") REFERENCES "policy_version"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change" ADD CONSTRAINT "change_org_id_pipeline_run_id_fkey" FOREIGN KEY ("org_id", "pipeline_run_id") REFERENCES "pipeline_run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change" ADD CONSTRAINT "change_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_result" ADD CONSTRAINT "check_result_org_id_stage_attempt_id_fkey" FOREIGN KEY ("org_id", "stage_attempt_id") REFERENCES "stage_attempt"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_result" ADD CONSTRAINT "check_result_org_id_change_id_fkey" FOREIGN KEY ("org_id", "change_id") REFERENCES "change"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_org_id_stage_attempt_id_fkey" FOREIGN KEY ("org_id", "stage_attempt_id") REFERENCES "stage_attempt"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_org_id_change_id_fkey" FOREIGN KEY ("org_id", "change_id") REFERENCES "change"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handoff" ADD CONSTRAINT "handoff_org_id_run_id_fkey" FOREIGN KEY ("org_id", "run_id") REFERENCES "run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim" ADD CONSTRAINT "claim_org_id_pipeline_run_id_fkey" FOREIGN KEY ("org_id", "pipeline_run_id") REFERENCES "pipeline_run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "command" ADD CONSTRAINT "command_org_id_run_id_fkey" FOREIGN KEY ("org_id", "run_id") REFERENCES "run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_org_id_stream_id_fkey" FOREIGN KEY ("org_id", "stream_id") REFERENCES "stream"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "blob_chunk" ADD CONSTRAINT "blob_chunk_org_id_blob_id_fkey" FOREIGN KEY ("org_id", "blob_id") REFERENCES "blob"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_org_id_pipeline_run_id_fkey" FOREIGN KEY ("org_id", "pipeline_run_id") REFERENCES "pipeline_run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_org_id_stage_attempt_id_fkey" FOREIGN KEY ("org_id", "stage_attempt_id") REFERENCES "stage_attempt"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval_vote" ADD CONSTRAINT "approval_vote_org_id_approval_id_fkey" FOREIGN KEY ("org_id", "approval_id") REFERENCES "approval"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_org_id_run_id_fkey" FOREIGN KEY ("org_id", "run_id") REFERENCES "run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
