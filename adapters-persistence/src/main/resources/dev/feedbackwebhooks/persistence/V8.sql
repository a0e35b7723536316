-- Null in rows of earlier versions, of which the payload tells them.
ALTER TABLE delivery ADD COLUMN execution_id TEXT;
-- JSON array of the identities that the event is about; goes with the body.
ALTER TABLE payload ADD COLUMN recipients TEXT;

-- What ended otherwise than delivered, and what waits: what people look for, by id.
CREATE INDEX delivery_open ON delivery (scope_id) WHERE state IN (0, 3, 4, 5);

-- What blocks of deliveries may hold, so that a search passes over most of them; see BlockKeys. Blocks follow
-- on one another without a gap; the newest deliveries are in none.
CREATE TABLE delivery_block (
  last_id INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL,
  -- null: any
  keys BLOB,
  -- null: any; empty: none
  recipients BLOB
);
