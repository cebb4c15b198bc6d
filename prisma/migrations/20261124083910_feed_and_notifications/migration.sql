-- AlterTable
ALTER TABLE "user" ADD COLUMN     "handle" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "post" (
    "id" SERIAL NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "likes" INTEGER NOT NULL DEFAULT 0,
    "commentCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "post_like" (
    "postId" INTEGER NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "post_like_pkey" PRIMARY KEY ("postId","userId")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" SERIAL NOT NULL,
    "postId" INTEGER NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bell" (
    "userId" TEXT NOT NULL,
    "unread" INTEGER NOT NULL DEFAULT 0,
    "muted" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "bell_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "notification" (
    "userId" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "data" JSON NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "readAt" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("userId","seq")
);

-- CreateTable
CREATE TABLE "known_device" (
    "userId" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "firstAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "known_device_pkey" PRIMARY KEY ("userId","device")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" SERIAL NOT NULL,
    "authorId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "lastUserId" TEXT NOT NULL DEFAULT '',
    "done" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "post_authorId_idx" ON "post"("authorId");

-- CreateIndex
CREATE INDEX "post_like_userId_idx" ON "post_like"("userId");

-- CreateIndex
CREATE INDEX "comment_postId_id_idx" ON "comment"("postId", "id");

-- CreateIndex
CREATE INDEX "comment_authorId_idx" ON "comment"("authorId");

-- CreateIndex
CREATE UNIQUE INDEX "notification_userId_key_key" ON "notification"("userId", "key");

-- CreateIndex
CREATE INDEX "alert_authorId_idx" ON "alert"("authorId");

-- AddForeignKey
ALTER TABLE "post" ADD CONSTRAINT "post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_like" ADD CONSTRAINT "post_like_postId_fkey" FOREIGN KEY ("postId") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_like" ADD CONSTRAINT "post_like_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_postId_fkey" FOREIGN KEY ("postId") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bell" ADD CONSTRAINT "bell_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "known_device" ADD CONSTRAINT "known_device_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what the schema language cannot say.

-- A handle is the name in a-z, 0-9 and hyphens, numbered when it is taken. The lock makes two of one name wait for
-- each other instead of failing; it is one for all, for "Ada 2" and the second "Ada" want the same.
CREATE FUNCTION "handle_of"("name" TEXT) RETURNS TEXT LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    plain TEXT := regexp_replace(normalize("name", NFKD), '[\u0300-\u036f]', '', 'g');
    slug TEXT := trim(BOTH '-' FROM left(trim(BOTH '-' FROM regexp_replace(lower(plain), '[^a-z0-9]+', '-', 'g')), 24));
    base TEXT := coalesce(nullif(slug, ''), 'someone');
    taken INT := 1;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('wireside handle', 0));
    IF NOT EXISTS (SELECT FROM "user" WHERE "handle" = base) THEN
        RETURN base;
    END IF;
    LOOP
        taken := taken + 1;
        EXIT WHEN NOT EXISTS (SELECT FROM "user" WHERE "handle" = base || '-' || taken);
    END LOOP;
    RETURN base || '-' || taken;
END
$$;

UPDATE "user" SET "handle" = "handle_of"("name");
CREATE UNIQUE INDEX "user_handle_key" ON "user"("handle");

CREATE FUNCTION "on_user_coming"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."handle" := "handle_of"(NEW."name");
    RETURN NEW;
END
$$;

CREATE TRIGGER "user_gets_handle" BEFORE INSERT ON "user"
    FOR EACH ROW WHEN (NEW."handle" = '') EXECUTE FUNCTION "on_user_coming"();

-- Everybody has a bell from the start, so that whoever announces has a row to lock.
INSERT INTO "bell" ("userId") SELECT "id" FROM "user";

CREATE FUNCTION "on_user_come"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "bell" ("userId") VALUES (NEW."id");
    RETURN NULL;
END
$$;

CREATE TRIGGER "user_gets_bell" AFTER INSERT ON "user"
    FOR EACH ROW EXECUTE FUNCTION "on_user_come"();

-- Sign-ins are looked at by a job, in their order. Where no worker has ever run, there is none to look.
CREATE FUNCTION "on_session_begun"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_regproc('graphile_worker.add_job') IS NOT NULL THEN
        PERFORM graphile_worker.add_job(
            'notice-sign-in',
            json_build_object('sessionId', NEW."id", 'userId', NEW."userId", 'userAgent', NEW."userAgent"),
            queue_name => 'sign-ins'
        );
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "session_begun" AFTER INSERT ON "session"
    FOR EACH ROW WHEN (NEW."userAgent" IS NOT NULL) EXECUTE FUNCTION "on_session_begun"();

-- The same few rows are updated again and again: the spare room keeps that on their pages, off the indexes.
ALTER TABLE "bell" SET (fillfactor = 50);
ALTER TABLE "bell" ADD CONSTRAINT "bell_not_negative" CHECK ("unread" >= 0);
ALTER TABLE "post"
    SET (fillfactor = 80),
    ADD CONSTRAINT "post_counts_not_negative" CHECK ("likes" >= 0 AND "commentCount" >= 0);
ALTER TABLE "notification" ADD CONSTRAINT "notification_kind_known" CHECK ("kind" IN (
    'like', 'comment', 'mention', 'loan', 'payment', 'sign-in', 'alert'
));
