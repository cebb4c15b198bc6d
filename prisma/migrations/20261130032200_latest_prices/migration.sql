-- CreateTable
CREATE TABLE "latest_prices" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "term" BIGINT NOT NULL DEFAULT 0,
    "ticks" JSON NOT NULL DEFAULT '[]',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity'::timestamptz,
    "wantedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity'::timestamptz,

    CONSTRAINT "latest_prices_pkey" PRIMARY KEY ("only")
);

ALTER TABLE "latest_prices" ADD CONSTRAINT "latest_prices_one_row" CHECK ("only");
INSERT INTO "latest_prices" DEFAULT VALUES;
