-- AlterTable
ALTER TABLE "loan_stage" ALTER COLUMN "at" SET DEFAULT clock_timestamp();

-- A session begins, and ends, by the database's clock: the node that makes it may be minutes ahead of the others.
CREATE FUNCTION "on_session_coming"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."expiresAt" := NEW."expiresAt" + (now() - NEW."createdAt");
    NEW."updatedAt" := NEW."updatedAt" + (now() - NEW."createdAt");
    NEW."createdAt" := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER "session_by_our_clock" BEFORE INSERT ON "session"
    FOR EACH ROW EXECUTE FUNCTION "on_session_coming"();
