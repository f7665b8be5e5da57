-- AlterTable
ALTER TABLE "repo" ADD COLUMN     "by_operator" BOOLEAN NOT NULL DEFAULT false;
