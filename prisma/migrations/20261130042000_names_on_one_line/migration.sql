-- What names may not hold any more goes from those that were there before: controls and line breaks become spaces,
-- direction marks go, and who has nothing visible left is called by their handle, a room by its number.
CREATE FUNCTION "name_on_one_line"("name" TEXT, "otherwise" TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN regexp_replace(plain, '[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]+', '', 'g') = ''
        THEN "otherwise" ELSE plain END
    FROM (SELECT btrim(regexp_replace(regexp_replace("name",
        '[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]', '', 'g'),
        '[\u0001-\u001f\u007f-\u009f\u2028\u2029]+', ' ', 'g')) AS plain) AS cleaned
$$;

UPDATE "user" SET "name" = "name_on_one_line"("name", "handle") WHERE "name" <> "name_on_one_line"("name", "handle");
UPDATE "room" SET "name" = "name_on_one_line"("name", "id"::text) WHERE "name" <> "name_on_one_line"("name", "id"::text);
UPDATE "room" SET "topic" = "name_on_one_line"("topic", NULL) WHERE "topic" IS DISTINCT FROM "name_on_one_line"("topic", NULL);
UPDATE "lab_run" SET "name" = "name_on_one_line"("name", NULL) WHERE "name" IS DISTINCT FROM "name_on_one_line"("name", NULL);

DROP FUNCTION "name_on_one_line";
