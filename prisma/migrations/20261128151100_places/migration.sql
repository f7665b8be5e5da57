-- The engine gives an org no more: whoever had a larger number was never given what it says.
UPDATE "org" SET "max_runs" = 20 WHERE "max_runs" > 20;
UPDATE "agent" SET "max_runs" = 20 WHERE "max_runs" > 20;
