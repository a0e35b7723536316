-- What a later version may do while older ones work on the database: add, to each table that there is.
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE
  each regclass;
BEGIN
  FOR each IN
    SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname <> 'flyway_schema_history'
  LOOP
    EXECUTE format('ALTER TABLE %s ADD COLUMN made_up bigint', each);
    EXECUTE format('ALTER TABLE %s ADD COLUMN made_up_too boolean NOT NULL DEFAULT false', each);
  END LOOP;
END $$;
CREATE TABLE made_up (id bigint PRIMARY KEY);
