-- CreateTable
CREATE TABLE "room" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "topic" TEXT,
    "visibility" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room_member" (
    "roomId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'member',
    "readSeq" BIGINT NOT NULL DEFAULT 0,
    "joinedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_member_pkey" PRIMARY KEY ("roomId","userId")
);

-- CreateTable
CREATE TABLE "room_invitation" (
    "roomId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "byId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_invitation_pkey" PRIMARY KEY ("roomId","userId")
);

-- CreateTable
CREATE TABLE "message" (
    "id" TEXT NOT NULL,
    "roomId" TEXT NOT NULL,
    "seq" BIGINT,
    "at" TIMESTAMPTZ(3),
    "authorId" TEXT NOT NULL,
    "clientId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "replyTo" BIGINT,
    "editedAt" TIMESTAMPTZ(3),
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reaction" (
    "messageId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "emoji" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reaction_pkey" PRIMARY KEY ("messageId","userId","emoji")
);

-- CreateTable
CREATE TABLE "candle" (
    "symbol" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "openMinor" INTEGER NOT NULL,
    "highMinor" INTEGER NOT NULL,
    "lowMinor" INTEGER NOT NULL,
    "closeMinor" INTEGER NOT NULL,
    "volume" BIGINT NOT NULL,

    CONSTRAINT "candle_pkey" PRIMARY KEY ("symbol","interval","at")
);

-- CreateTable
CREATE TABLE "trade_order" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "clientOrderId" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "limitPriceMinor" INTEGER,
    "status" TEXT NOT NULL,
    "filledQuantity" INTEGER NOT NULL DEFAULT 0,
    "priceMinor" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "trade_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trade_position" (
    "userId" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "costMinor" BIGINT NOT NULL DEFAULT 0,
    "realisedMinor" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "trade_position_pkey" PRIMARY KEY ("userId","symbol")
);

-- CreateTable
CREATE TABLE "ledger_line" (
    "id" BIGSERIAL NOT NULL,
    "transfer" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "orderId" TEXT,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_balance" (
    "account" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "amount" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "ledger_balance_pkey" PRIMARY KEY ("account","unit")
);

-- CreateIndex
CREATE INDEX "room_member_userId_idx" ON "room_member"("userId");

-- CreateIndex
CREATE INDEX "room_invitation_userId_idx" ON "room_invitation"("userId");

-- CreateIndex
CREATE INDEX "room_invitation_byId_idx" ON "room_invitation"("byId");

-- CreateIndex
CREATE INDEX "message_authorId_idx" ON "message"("authorId");

-- CreateIndex
CREATE UNIQUE INDEX "message_roomId_authorId_clientId_key" ON "message"("roomId", "authorId", "clientId");

-- CreateIndex
CREATE UNIQUE INDEX "message_roomId_seq_key" ON "message"("roomId", "seq");

-- CreateIndex
CREATE INDEX "reaction_userId_idx" ON "reaction"("userId");

-- CreateIndex
CREATE INDEX "trade_order_userId_createdAt_id_idx" ON "trade_order"("userId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "trade_order_status_userId_idx" ON "trade_order"("status", "userId");

-- CreateIndex
CREATE INDEX "ledger_line_account_id_idx" ON "ledger_line"("account", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_line_transfer_account_unit_key" ON "ledger_line"("transfer", "account", "unit");

-- AddForeignKey
ALTER TABLE "room_member" ADD CONSTRAINT "room_member_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_member" ADD CONSTRAINT "room_member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_invitation" ADD CONSTRAINT "room_invitation_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_invitation" ADD CONSTRAINT "room_invitation_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_invitation" ADD CONSTRAINT "room_invitation_byId_fkey" FOREIGN KEY ("byId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reaction" ADD CONSTRAINT "reaction_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reaction" ADD CONSTRAINT "reaction_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trade_order" ADD CONSTRAINT "trade_order_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trade_position" ADD CONSTRAINT "trade_position_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The ledger keeps itself: a line is never changed, an account's balance is the sum of its lines, no account but the
-- market's may go below zero, and at the commit the lines of a transfer sum to zero in each unit.
CREATE FUNCTION "refuse_change_of_ledger"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A line of the ledger is never changed: write another transfer'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "ledger_line_stands" BEFORE UPDATE OR DELETE ON "ledger_line"
    FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_ledger"();
CREATE TRIGGER "ledger_stands" BEFORE TRUNCATE ON "ledger_line"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_ledger"();

-- Update first: an upsert checks what it would insert, and a line below zero is no balance by itself.
CREATE FUNCTION "on_ledger_lines"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE "ledger_balance" b SET "amount" = b."amount" + n."amount"
    FROM (
        SELECT "account", "unit", sum("amount")::bigint AS "amount" FROM "fresh" GROUP BY "account", "unit"
    ) n
    WHERE b."account" = n."account" AND b."unit" = n."unit";
    INSERT INTO "ledger_balance" ("account", "unit", "amount")
    SELECT "account", "unit", sum("amount") FROM "fresh" f
    WHERE "account" <> 'market' AND NOT EXISTS (
        SELECT FROM "ledger_balance" b WHERE b."account" = f."account" AND b."unit" = f."unit"
    )
    GROUP BY "account", "unit";
    RETURN NULL;
END
$$;

CREATE TRIGGER "ledger_lines_count" AFTER INSERT ON "ledger_line"
    REFERENCING NEW TABLE AS "fresh" FOR EACH STATEMENT EXECUTE FUNCTION "on_ledger_lines"();

CREATE FUNCTION "on_transfer_done"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM "ledger_line" WHERE "transfer" = NEW."transfer" GROUP BY "unit" HAVING sum("amount") <> 0
    ) THEN
        RAISE EXCEPTION 'The transfer % does not sum to zero', NEW."transfer" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER "transfer_sums_to_zero" AFTER INSERT ON "ledger_line"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "on_transfer_done"();

-- The upper bounds are the largest number that JavaScript counts to without a gap, 2^53 - 1.
ALTER TABLE "ledger_line"
    ADD CONSTRAINT "ledger_line_amount" CHECK ("amount" <> 0 AND abs("amount") <= 9007199254740991),
    ADD CONSTRAINT "ledger_line_kind_known" CHECK ("kind" IN ('opening', 'hold', 'release', 'buy', 'sell'));
ALTER TABLE "ledger_balance"
    SET (fillfactor = 50),
    ADD CONSTRAINT "ledger_balance_amount" CHECK ("amount" BETWEEN 0 AND 9007199254740991);
ALTER TABLE "trade_order"
    SET (fillfactor = 80),
    ADD CONSTRAINT "trade_order_whole" CHECK (
        "quantity" > 0 AND "filledQuantity" IN (0, "quantity")
        AND ("type" = 'limit') = ("limitPriceMinor" IS NOT NULL)
        AND ("status" = 'filled') = ("priceMinor" IS NOT NULL AND "filledQuantity" = "quantity")
        AND ("status" = 'working') = ("endedAt" IS NULL)
    ),
    ADD CONSTRAINT "trade_order_status_known" CHECK ("status" IN ('working', 'filled', 'cancelled', 'rejected')),
    ADD CONSTRAINT "trade_order_side_known" CHECK ("side" IN ('buy', 'sell'));
ALTER TABLE "trade_position"
    ADD CONSTRAINT "trade_position_cost_not_negative" CHECK ("costMinor" >= 0);

ALTER TABLE "notification"
    DROP CONSTRAINT "notification_kind_known",
    ADD CONSTRAINT "notification_kind_known" CHECK ("kind" IN (
        'like', 'comment', 'mention', 'loan', 'payment', 'sign-in', 'alert', 'invitation', 'order'
    ));
