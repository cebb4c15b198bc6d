-- CreateTable
CREATE TABLE "relay_position" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "epoch" TEXT NOT NULL,
    "snapshot" pg_snapshot NOT NULL,

    CONSTRAINT "relay_position_pkey" PRIMARY KEY ("only")
);
