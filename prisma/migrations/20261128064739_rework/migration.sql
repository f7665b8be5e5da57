-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "rework" BOOLEAN NOT NULL DEFAULT false;
