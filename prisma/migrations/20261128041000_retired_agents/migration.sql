-- A retired agent keeps its runs and its history; it gets no new work.
ALTER TABLE "agent" ADD COLUMN "retired_at" TIMESTAMPTZ(3);
