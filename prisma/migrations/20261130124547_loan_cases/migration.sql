-- AlterTable
ALTER TABLE "loan" ADD COLUMN     "incomeMinor" INTEGER,
ADD COLUMN     "officerId" TEXT;

-- CreateIndex
CREATE INDEX "loan_officerId_idx" ON "loan"("officerId");

-- AddForeignKey
ALTER TABLE "loan" ADD CONSTRAINT "loan_officerId_fkey" FOREIGN KEY ("officerId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "loan"
    ADD CONSTRAINT "loan_income_not_negative" CHECK ("incomeMinor" >= 0),
    DROP CONSTRAINT "loan_status_known",
    ADD CONSTRAINT "loan_status_known" CHECK ("status" IN (
        'submitted', 'verifying', 'credit-check', 'under-review', 'approved', 'declined', 'withdrawn', 'paying-out', 'paid-out', 'failed'
    ));

ALTER TABLE "notification"
    DROP CONSTRAINT "notification_kind_known",
    ADD CONSTRAINT "notification_kind_known" CHECK ("kind" IN (
        'like', 'comment', 'mention', 'loan', 'payment', 'sign-in', 'alert', 'invitation', 'order', 'application'
    ));
