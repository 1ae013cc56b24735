-- Written by hand: what the relay reads, and the count of what waits.
CREATE INDEX "outbox_unsent_partial" ON "outbox" ("id") WHERE "sent_at" IS NULL;
