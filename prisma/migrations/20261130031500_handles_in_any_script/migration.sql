-- All by hand: what the schema language cannot say.

-- Letters of other scripts that look like Latin ones become those, and 1, I and l the same ("KIein"): two handles with the same skeleton cannot be told apart by eye.
CREATE FUNCTION "handle_skeleton"("handle" TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate("handle", '10iавеѕіјкмнорстухһԁԛԝαβεηικνορτυχγωɑɡıօսհցӏ', 'lolabesljkmhopctyxhdqwabenlkvoptuxywaglouhgl')
$$;
CREATE INDEX "user_handle_skeleton_idx" ON "user"("handle_skeleton"("handle"));

-- The plain handle of a name that comes without one: a-z, 0-9 and hyphens. The app gives those of other scripts.
-- In the collation "C", lower() is the same in every locale (in Turkish, that of "I" would be no letter of a-z).
DROP FUNCTION "handle_of"(TEXT);
CREATE FUNCTION "plain_handle"("name" TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT trim(BOTH '-' FROM left(trim(BOTH '-' FROM regexp_replace(lower(
        regexp_replace(normalize("name", NFKD), '[\u0300-\u036f]', '', 'g') COLLATE "C"), '[^a-z0-9]+', '-', 'g')), 24))
$$;

-- A handle is numbered when it, or one that looks the same, is taken. The lock makes two of one name wait for each
-- other instead of failing; it is one for all, for "Ada 2" and the second "Ada" want the same.
CREATE FUNCTION "free_handle"("wanted" TEXT) RETURNS TEXT LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    base TEXT := coalesce(nullif("wanted", ''), 'someone');
    candidate TEXT := base;
    taken INT := 1;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('wireside handle', 0));
    WHILE EXISTS (SELECT FROM "user" WHERE "handle_skeleton"("handle") = "handle_skeleton"(candidate)) LOOP
        taken := taken + 1;
        -- From the twentieth namesake on by chance: counting up would cost each one more than the one before.
        candidate := base || '-' || CASE WHEN taken <= 20 THEN taken ELSE 20 + floor(random() * 1000000)::int END;
    END LOOP;
    RETURN candidate;
END
$$;

CREATE OR REPLACE FUNCTION "on_user_coming"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."handle" := "free_handle"(coalesce(nullif(NEW."handle", ''), "plain_handle"(NEW."name")));
    RETURN NEW;
END
$$;

DROP TRIGGER "user_gets_handle" ON "user";
CREATE TRIGGER "user_gets_handle" BEFORE INSERT ON "user"
    FOR EACH ROW EXECUTE FUNCTION "on_user_coming"();
