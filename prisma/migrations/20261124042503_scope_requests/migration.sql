-- AlterEnum
ALTER TYPE "ApprovalKind" ADD VALUE IF NOT EXISTS 'scope';
ALTER TYPE "ApprovalKind" ADD VALUE IF NOT EXISTS 'blocker';

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "granted" JSONB;
