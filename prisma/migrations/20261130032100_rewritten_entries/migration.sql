-- AlterTable
ALTER TABLE "log_entry" ADD COLUMN     "rewritten" xid8;

-- Few entries are ever rewritten, and only those are in it.
CREATE INDEX "log_entry_rewritten_idx" ON "log_entry"("rewritten") WHERE "rewritten" IS NOT NULL;
