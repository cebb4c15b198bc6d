-- CreateTable
CREATE TABLE "lab_run" (
    "id" TEXT NOT NULL,
    "number" SERIAL NOT NULL,
    "name" TEXT,
    "state" TEXT NOT NULL,
    "order" JSON NOT NULL,
    "outcome" JSON,
    "browser" JSON,
    "lost" INTEGER,
    "failure" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "lab_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "lab_run_number_key" ON "lab_run"("number");

ALTER TABLE "lab_run"
    ADD CONSTRAINT "lab_run_state_known" CHECK (
        "state" IN ('preparing', 'running', 'finishing', 'done', 'stopped', 'failed')
    ),
    ADD CONSTRAINT "lab_run_ends" CHECK (
        ("state" IN ('preparing', 'running', 'finishing')) = ("endedAt" IS NULL)
    );
