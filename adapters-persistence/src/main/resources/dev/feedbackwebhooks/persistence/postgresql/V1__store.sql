-- Times are milliseconds since 1970, by the database's clock where leases are concerned.

CREATE TABLE scope (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization text NOT NULL,
  sandbox text NOT NULL,
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
  id text NOT NULL,
  enabled boolean NOT NULL,
  update_time bigint NOT NULL,
  PRIMARY KEY (scope_id, id)
);

-- Ids grow with the time of intake: partitions by id are partitions by time, and a purge can drop them whole.
-- No index has a column that a settlement changes, so that updates stay within their page (HOT): what waits is
-- in delivery_due.
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
CREATE TABLE delivery_all PARTITION OF delivery DEFAULT WITH (fillfactor = 80);
CREATE INDEX delivery_scope ON delivery (scope_id, id);
CREATE INDEX delivery_request ON delivery (scope_id, request_id);
CREATE INDEX delivery_execution ON delivery (scope_id, execution_id);
CREATE INDEX delivery_message ON delivery (message) WHERE message IS NOT NULL;

-- What waits on disk, and what was claimed from there; what goes straight out is never here.
CREATE TABLE delivery_due (
  delivery_id bigint PRIMARY KEY,
  scope_id bigint NOT NULL,
  due_at bigint NOT NULL,
  -- 0: it waits
  claim_id bigint NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX delivery_due_waiting ON delivery_due (scope_id, due_at) WHERE claim_id = 0;

-- Of each node: no delivery before this one goes straight out from its memory. So a scan for leases that are over
-- needs no index.
CREATE TABLE node (
  id bigint PRIMARY KEY,
  seen_at bigint NOT NULL,
  fresh_from bigint NOT NULL
);

CREATE TABLE payload (
  delivery_id bigint NOT NULL PRIMARY KEY,
  body bytea NOT NULL,
  recipients text[] NOT NULL,
  traceparent text
) PARTITION BY RANGE (delivery_id);
CREATE TABLE payload_all PARTITION OF payload DEFAULT;
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
CREATE TABLE attempt_all PARTITION OF attempt DEFAULT;

-- 128 bits of a SHA-256 over the scope and the event's id.
CREATE TABLE event_key (
  key uuid PRIMARY KEY,
  delivery_id bigint NOT NULL
);

-- One row for each node that counts, so that nodes do not wait for each other.
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

CREATE TABLE delivery_change (
  seq bigint PRIMARY KEY,
  time bigint NOT NULL,
  ids bytea NOT NULL
);
INSERT INTO delivery_change VALUES (0, (extract(epoch FROM now()) * 1000)::bigint, '');

-- endpoint_health, replay, audit_record (with triggers that refuse UPDATE and DELETE), secret_key_check,
-- fingerprint_key: as in the SQLite store, in PostgreSQL's types (P1 writes them here).
