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
    "volume" INTEGER NOT NULL,

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
CREATE INDEX "trade_order_status_symbol_idx" ON "trade_order"("status", "symbol");

-- CreateIndex
CREATE INDEX "ledger_line_account_id_idx" ON "ledger_line"("account", "id");

-- CreateIndex
CREATE INDEX "ledger_line_transfer_idx" ON "ledger_line"("transfer");

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
