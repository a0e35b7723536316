-- Deliveries that are over, sent again: operations.
CREATE TABLE replay (
  -- grows with the time of the start
  id INTEGER PRIMARY KEY,
  scope_id INTEGER NOT NULL REFERENCES scope (id),
  -- null for none
  request_id TEXT,
  -- as its caller wrote it, and the same as JSON
  filter_text TEXT NOT NULL,
  filter TEXT NOT NULL,
  per_second INTEGER NOT NULL,
  state TEXT NOT NULL,
  matched INTEGER NOT NULL,
  replayed INTEGER NOT NULL,
  skips TEXT NOT NULL,
  -- the last delivery that was looked at; 0 before the first
  cursor INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  end_time INTEGER
);
CREATE INDEX replay_scope ON replay (scope_id);
CREATE UNIQUE INDEX replay_request ON replay (scope_id, request_id) WHERE request_id IS NOT NULL;

-- The replay that it was last sent again by.
ALTER TABLE delivery ADD COLUMN replay INTEGER;
-- Few, since replays queue few at a time; others are not in it.
CREATE INDEX delivery_replayed ON delivery (scope_id, state, due_at) WHERE replay IS NOT NULL AND state < 2;
