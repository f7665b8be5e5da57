-- Calls that name whole outputs or images, few among many: before one is erased, those that have the same are looked for.
CREATE INDEX event_with_outputs ON "event" (org_id, at) WHERE kind = 'tool.finished' AND position('"blobId":"'::bytea IN payload) > 0;
