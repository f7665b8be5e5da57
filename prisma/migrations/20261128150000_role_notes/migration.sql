-- AlterTable
ALTER TABLE "role_version" ADD COLUMN     "author_id" TEXT,
ADD COLUMN     "note" TEXT NOT NULL DEFAULT '';
