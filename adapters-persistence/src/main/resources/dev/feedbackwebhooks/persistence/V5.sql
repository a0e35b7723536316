-- What became of deliveries, counted as it happens: what ended and is removed later stays counted. Those that
-- wait are the rest: accepted less all others.
CREATE TABLE delivery_count (
  scope_id INTEGER NOT NULL,
  config_id INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  exhausted INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  PRIMARY KEY (scope_id, config_id)
) WITHOUT ROWID;
INSERT INTO delivery_count
SELECT scope_id, config_id, COUNT(*), SUM(state = 2), SUM(state = 3), SUM(state = 4), SUM(state = 5)
FROM delivery GROUP BY scope_id, config_id;

-- How long the delivered ones took; the buckets are those of Latencies. Counted from this version on.
CREATE TABLE delivery_latency (
  scope_id INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  deliveries INTEGER NOT NULL,
  PRIMARY KEY (scope_id, bucket)
) WITHOUT ROWID;
