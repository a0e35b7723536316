-- What a later version may do once no older one works on the database: take away, and say so.
ALTER TABLE delivery DROP COLUMN reason;
UPDATE schema_needed SET version = 9001, program = '7.2';
