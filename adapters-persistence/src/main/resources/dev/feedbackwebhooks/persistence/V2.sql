-- Bodies apart from the rest: a body is written once, the rest again with every step.
CREATE TABLE payload (
  delivery_id INTEGER PRIMARY KEY,
  body BLOB NOT NULL
);
INSERT INTO payload (delivery_id, body) SELECT id, payload FROM delivery ORDER BY id;
ALTER TABLE delivery DROP COLUMN payload;

-- Of the attempt that was accepted, which most deliveries need no other row for.
ALTER TABLE delivery ADD COLUMN accepted_start INTEGER;
ALTER TABLE delivery ADD COLUMN accepted_millis INTEGER;
ALTER TABLE delivery ADD COLUMN accepted_status INTEGER;

-- Event ids by their hash. Hashes are scattered, and each page that one falls on is written whole: so
-- those of the newest deliveries stay in memory, and come here in order, many at a time.
CREATE TABLE event_key (
  key INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL
);
INSERT OR IGNORE INTO event_key (key, delivery_id) SELECT event_hash, id FROM delivery ORDER BY event_hash;

-- All deliveries up to this one have their key in event_key; event_hash of the others tells theirs.
CREATE TABLE event_key_mark (delivery_id INTEGER NOT NULL);
INSERT INTO event_key_mark SELECT COALESCE(MAX(id), 0) FROM delivery;
DROP INDEX delivery_event;
