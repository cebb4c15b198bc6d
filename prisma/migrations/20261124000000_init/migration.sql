-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "log_head" (
    "stream" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "floor" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_head_pkey" PRIMARY KEY ("stream")
);

-- CreateTable
CREATE TABLE "log_entry" (
    "stream" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "data" JSON NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "log_entry_pkey" PRIMARY KEY ("stream","seq")
);

-- CreateTable
CREATE TABLE "log_epoch" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "epoch" TEXT NOT NULL,

    CONSTRAINT "log_epoch_pkey" PRIMARY KEY ("only")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'customer',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "refreshTokenExpiresAt" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_end" (
    "id" BIGSERIAL NOT NULL,
    "sessionId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "session_end_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_answer" (
    "userId" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "body" JSON NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("userId","verb","key")
);

-- CreateTable
CREATE TABLE "loan" (
    "id" TEXT NOT NULL,
    "applicantId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "amountMinor" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "termMonths" INTEGER NOT NULL,
    "dueAt" TIMESTAMPTZ(3),
    "decidedBy" TEXT,
    "decisionNote" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "loan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "loan_stage" (
    "id" BIGSERIAL NOT NULL,
    "loanId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "loan_stage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "loanId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "amountMinor" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "failure" TEXT,
    "dueAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "log_entry_xid_idx" ON "log_entry"("xid");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "account_userId_idx" ON "account"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "account_providerId_accountId_key" ON "account"("providerId", "accountId");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE INDEX "session_end_xid_idx" ON "session_end"("xid");

-- CreateIndex
CREATE INDEX "idempotent_answer_createdAt_idx" ON "idempotent_answer"("createdAt");

-- CreateIndex
CREATE INDEX "loan_applicantId_createdAt_idx" ON "loan"("applicantId", "createdAt");

-- CreateIndex
CREATE INDEX "loan_status_createdAt_idx" ON "loan"("status", "createdAt");

-- CreateIndex
CREATE INDEX "loan_stage_loanId_id_idx" ON "loan_stage"("loanId", "id");

-- CreateIndex
CREATE INDEX "payment_loanId_createdAt_idx" ON "payment"("loanId", "createdAt");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loan" ADD CONSTRAINT "loan_applicantId_fkey" FOREIGN KEY ("applicantId") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loan_stage" ADD CONSTRAINT "loan_stage_loanId_fkey" FOREIGN KEY ("loanId") REFERENCES "loan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_loanId_fkey" FOREIGN KEY ("loanId") REFERENCES "loan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what the schema language cannot say.

-- The one life of this database, six characters of [0-9a-z]. `npm run new-epoch` replaces it after a restore.
ALTER TABLE "log_epoch"
    ADD CONSTRAINT "log_epoch_one_row" CHECK ("only"),
    ADD CONSTRAINT "log_epoch_shape" CHECK ("epoch" ~ '^[0-9a-z]{4,16}$');
INSERT INTO "log_epoch" ("epoch")
SELECT string_agg(substr('0123456789abcdefghijklmnopqrstuvwxyz', 1 + floor(random() * 36)::int, 1), '')
FROM generate_series(1, 6);

-- Every append updates its head row in place: the spare room keeps those updates on one page, off the index.
ALTER TABLE "log_head" SET (fillfactor = 50);
ALTER TABLE "log_head" ADD CONSTRAINT "log_head_not_negative" CHECK ("seq" >= 0 AND "floor" >= 0);
ALTER TABLE "log_entry" ADD CONSTRAINT "log_entry_from_one" CHECK ("seq" >= 1);

ALTER TABLE "user" ADD CONSTRAINT "user_role_known" CHECK ("role" IN ('customer', 'officer'));
ALTER TABLE "loan"
    ADD CONSTRAINT "loan_status_known" CHECK ("status" IN (
        'submitted', 'verifying', 'credit-check', 'under-review', 'approved', 'declined', 'paying-out', 'paid-out', 'failed'
    )),
    ADD CONSTRAINT "loan_amount_positive" CHECK ("amountMinor" > 0),
    ADD CONSTRAINT "loan_term_positive" CHECK ("termMonths" > 0);
ALTER TABLE "payment"
    ADD CONSTRAINT "payment_status_known" CHECK ("status" IN ('pending', 'processing', 'cleared', 'failed')),
    ADD CONSTRAINT "payment_amount_positive" CHECK ("amountMinor" > 0);

-- A session that loses its rights is told to every process at once, and kept in a row for those who missed the call.
CREATE FUNCTION "end_session"("ended" TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "session_end" ("sessionId") VALUES ("ended");
    PERFORM pg_notify('wireside_session', "ended");
END
$$;

CREATE FUNCTION "on_session_lost"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "end_session"(OLD."id");
    RETURN NULL;
END
$$;

CREATE FUNCTION "on_role_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "end_session"("id") FROM "session" WHERE "userId" = NEW."id";
    RETURN NULL;
END
$$;

-- Deleting a user deletes the user's sessions by the foreign key, so this one trigger serves both.
CREATE TRIGGER "session_deleted" AFTER DELETE ON "session"
    FOR EACH ROW EXECUTE FUNCTION "on_session_lost"();

CREATE TRIGGER "session_shortened" AFTER UPDATE OF "expiresAt" ON "session"
    FOR EACH ROW WHEN (NEW."expiresAt" < OLD."expiresAt") EXECUTE FUNCTION "on_session_lost"();

CREATE TRIGGER "user_role_changed" AFTER UPDATE OF "role" ON "user"
    FOR EACH ROW WHEN (NEW."role" IS DISTINCT FROM OLD."role") EXECUTE FUNCTION "on_role_changed"();
