-- Times are milliseconds since 1970, by the database's clock where leases are concerned. What callers page through by
-- name is ordered by its bytes, whatever the database's own order is.

-- One row: the oldest version of this schema that a program must know to work on it, and the program's that brought it.
-- A migration that takes something away raises it; one that adds leaves it, so that older nodes go on (docs/adr/0008).
CREATE TABLE schema_needed (
  version integer NOT NULL,
  program text NOT NULL
);
INSERT INTO schema_needed (version, program) VALUES (1, '0.1');

CREATE TABLE scope (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization text COLLATE "C" NOT NULL,
  sandbox text COLLATE "C" NOT NULL,
  UNIQUE (organization, sandbox)
);

CREATE TABLE webhook_config (
  scope_id bigint PRIMARY KEY REFERENCES scope (id),
  config_id bigint NOT NULL,
  version bigint NOT NULL,
  active boolean NOT NULL,
  body text NOT NULL,
  -- encrypted; associated data: the configuration's resource name
  secrets bytea NOT NULL
);

CREATE TABLE campaign (
  scope_id bigint NOT NULL REFERENCES scope (id),
  id text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  update_time bigint NOT NULL,
  PRIMARY KEY (scope_id, id)
);

-- Ids grow with the time of intake, so that each day has a partition, which retention drops; see DayPartitions.
-- No index has a column that a settlement changes, so that updates stay within their page (HOT): what waits is
-- in delivery_open.
CREATE TABLE delivery (
  id bigint NOT NULL PRIMARY KEY,
  scope_id bigint NOT NULL,
  config_id bigint NOT NULL,
  event_key uuid NOT NULL,
  -- see StoredState
  state smallint NOT NULL,
  -- whose it is while it is claimed; every settlement asks for it
  claim_id bigint NOT NULL,
  -- of a claimed one: when its lease ends
  lease_until bigint NOT NULL,
  attempts integer NOT NULL,
  first_of_round integer NOT NULL,
  create_time bigint NOT NULL,
  update_time bigint NOT NULL,
  event_time bigint NOT NULL,
  channel smallint NOT NULL,
  event_id text NOT NULL,
  request_id text NOT NULL,
  execution_id text NOT NULL,
  campaign_id text NOT NULL,
  feedback_status text NOT NULL,
  reason text NOT NULL,
  -- tells a message to a recipient, where its configuration asks for an order
  message bigint,
  -- the replay that it was last sent again by
  replay bigint,
  accepted_start bigint,
  accepted_millis integer,
  accepted_status integer,
  accepted_wire bytea
) PARTITION BY RANGE (id);
-- For ids of days without partitions: of clocks that are wrong, and what is left of days long past. To be small, since
-- it is looked through whenever a day gets its partition.
-- Most rows grow once, in the commit that says what their endpoint answered: room for all of a page. So it is with
-- each day's, which needs no autovacuum of its own: it is vacuumed once as it grows (what was inserted is frozen), and
-- what the one update left behind goes as its page is read.
CREATE TABLE delivery_default PARTITION OF delivery DEFAULT WITH (fillfactor = 40);
CREATE INDEX delivery_scope ON delivery (scope_id, id);
CREATE INDEX delivery_request ON delivery (scope_id, request_id, id);
CREATE INDEX delivery_execution ON delivery (scope_id, execution_id, id);
CREATE INDEX delivery_message ON delivery (message, feedback_status) WHERE message IS NOT NULL;

-- What waits on disk, what was claimed from there, and what ended otherwise than delivered; what goes straight out is
-- never here. It stays small and changes all the time: vacuumed after every hundredth row, without pauses, or what is
-- due would be looked for among what is gone.
CREATE TABLE delivery_open (
  delivery_id bigint PRIMARY KEY,
  scope_id bigint NOT NULL,
  -- that of the delivery
  state smallint NOT NULL,
  -- of a claimed one: when its lease ends
  due_at bigint NOT NULL,
  -- whether a replay queued it; stays until it is over again
  replayed boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX delivery_open_waiting ON delivery_open (scope_id, due_at) WHERE state = 0;
CREATE INDEX delivery_open_claimed ON delivery_open (due_at) WHERE state = 1;
CREATE INDEX delivery_open_scope ON delivery_open (scope_id, delivery_id);
-- Few, since replays queue few at a time.
CREATE INDEX delivery_open_replayed ON delivery_open (scope_id, state, due_at) WHERE replayed AND state < 2;

CREATE SEQUENCE node_number;
-- The processes that share this database, as they say of themselves; who is lost stays until another one has taken
-- over what it had claimed.
CREATE TABLE node (
  number bigint PRIMARY KEY,
  seen_at bigint NOT NULL,
  -- no delivery before this one went straight out from its memory and is claimed still: so what is claimed is found
  -- without an index that each delivery would have to be in
  fresh_from bigint NOT NULL,
  lost boolean NOT NULL
) WITH (fillfactor = 10);

-- What one node does at a time: whose it is, and until when unless it asks again. Written often, and kept on one page.
CREATE TABLE duty (
  name text COLLATE "C" PRIMARY KEY,
  -- a random number of a process
  holder bigint NOT NULL,
  until bigint NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE payload (
  delivery_id bigint NOT NULL PRIMARY KEY,
  body bytea NOT NULL,
  recipients text[] NOT NULL,
  traceparent text
) PARTITION BY RANGE (delivery_id);
-- Never updated.
CREATE TABLE payload_default PARTITION OF payload DEFAULT;
CREATE INDEX payload_recipients ON payload USING gin (recipients);

CREATE TABLE attempt (
  delivery_id bigint NOT NULL,
  number integer NOT NULL,
  start_time bigint NOT NULL,
  duration_millis bigint NOT NULL,
  result text NOT NULL,
  failure text NOT NULL,
  http_status integer NOT NULL,
  detail text NOT NULL,
  next_time bigint,
  wire bytea,
  PRIMARY KEY (delivery_id, number)
) PARTITION BY RANGE (delivery_id);
CREATE TABLE attempt_default PARTITION OF attempt DEFAULT;

-- 128 bits of a SHA-256 over the scope and the event's id. No partitions: they would have to be by time as well, and
-- then nothing would keep two nodes from taking the same event. Rows are appended and, days later, deleted: vacuumed
-- after every fiftieth, or the index would never be done with at once.
CREATE TABLE event_key (
  key uuid PRIMARY KEY,
  delivery_id bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1);

-- One row for each node that counts, so that nodes do not wait for each other. Updated with each commit, within its
-- page: there is room for as many versions as a page holds.
CREATE TABLE delivery_count (
  scope_id bigint NOT NULL,
  config_id bigint NOT NULL,
  node bigint NOT NULL,
  accepted bigint NOT NULL,
  delivered bigint NOT NULL,
  exhausted bigint NOT NULL,
  refused bigint NOT NULL,
  cancelled bigint NOT NULL,
  PRIMARY KEY (scope_id, config_id, node)
) WITH (fillfactor = 50);
CREATE TABLE delivery_latency (
  scope_id bigint NOT NULL,
  bucket integer NOT NULL,
  node bigint NOT NULL,
  deliveries bigint NOT NULL,
  PRIMARY KEY (scope_id, bucket, node)
) WITH (fillfactor = 50);

-- Which deliveries each commit changed, for those who watch: a row a commit, kept for a day. Each
-- node numbers its own from 1, since a number for all would make each commit wait for another.
CREATE TABLE delivery_change (
  node bigint NOT NULL,
  seq bigint NOT NULL,
  -- never before that of the node's row before
  time bigint NOT NULL,
  -- see ChangedIds
  ids bytea NOT NULL,
  PRIMARY KEY (node, seq)
);
-- For cursors to stand at before the first one.
INSERT INTO delivery_change (node, seq, time, ids)
VALUES (0, 0, (extract(epoch FROM now()) * 1000)::bigint, '');

-- Endpoints that have only failed for a while; see EndpointHealth.
CREATE TABLE endpoint_health (
  scope_id bigint PRIMARY KEY REFERENCES scope (id),
  -- tells configuration and URL from others
  endpoint bigint NOT NULL,
  since bigint NOT NULL,
  window_start bigint NOT NULL,
  last bigint NOT NULL,
  failures bigint NOT NULL,
  spread boolean NOT NULL
);

-- Deliveries that are over, sent again: operations.
CREATE TABLE replay (
  -- grows with the time of the start
  id bigint PRIMARY KEY,
  scope_id bigint NOT NULL REFERENCES scope (id),
  -- null for none
  request_id text,
  -- as its caller wrote it, and the same as JSON
  filter_text text NOT NULL,
  filter text NOT NULL,
  per_second integer NOT NULL,
  state text NOT NULL,
  matched bigint NOT NULL,
  replayed bigint NOT NULL,
  skips text NOT NULL,
  -- the last delivery that was looked at; 0 before the first
  cursor bigint NOT NULL,
  create_time bigint NOT NULL,
  update_time bigint NOT NULL,
  end_time bigint
);
CREATE INDEX replay_scope ON replay (scope_id, id);
CREATE UNIQUE INDEX replay_request ON replay (scope_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX replay_running ON replay (scope_id) WHERE state = 'RUNNING';

-- Who changed what. Rows are appended, in the transaction of the change, and kept for ever.
CREATE TABLE audit_record (
  -- grows in the order of the commits
  id bigint PRIMARY KEY,
  scope_id bigint NOT NULL REFERENCES scope (id),
  time bigint NOT NULL,
  action text NOT NULL,
  -- full resource name; what it names may be gone
  resource text NOT NULL,
  who text NOT NULL,
  changes text NOT NULL
);
CREATE INDEX audit_record_scope ON audit_record (scope_id, id);

-- Its one row is locked, before all else, by each transaction that writes an audit record: so they come one after the
-- other, whichever node's they are.
CREATE TABLE audit_lock (one smallint PRIMARY KEY);
INSERT INTO audit_lock VALUES (1);

CREATE FUNCTION audit_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an audit record is never changed or deleted';
END $$;
CREATE TRIGGER audit_record_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
EXECUTE FUNCTION audit_record_stays();

CREATE FUNCTION audit_record_comes_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <= (SELECT max(id) FROM audit_record) THEN
    RAISE EXCEPTION 'an audit record comes after all others';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_record_comes_last BEFORE INSERT ON audit_record
FOR EACH ROW EXECUTE FUNCTION audit_record_comes_last();

-- Secrets stand in audit records as keyed hashes by this key, which is encrypted itself.
CREATE TABLE fingerprint_key (encrypted bytea NOT NULL);

-- Proves that the key file is the one that the secrets were encrypted with.
CREATE TABLE secret_key_check (encrypted bytea NOT NULL);

-- How far a copy of a SQLite database came: a row for each of its tables, and one for all. No server works on the
-- database before that one is done.
CREATE TABLE migration (
  part text PRIMARY KEY,
  -- of all: what tells the SQLite database from others; of a table: the last key that was copied, or empty
  reached text NOT NULL,
  copied bigint NOT NULL,
  done boolean NOT NULL
);
