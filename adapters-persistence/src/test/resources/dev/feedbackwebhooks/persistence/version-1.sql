-- A database as version 1 of the schema left it.
-- Times are milliseconds since 1970.

CREATE TABLE scope (
  id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL,
  sandbox TEXT NOT NULL,
  UNIQUE (organization, sandbox)
);

CREATE TABLE webhook_config (
  scope_id INTEGER PRIMARY KEY REFERENCES scope (id),
  config_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  active INTEGER NOT NULL,
  body TEXT NOT NULL,
  -- encrypted; associated data: the configuration's resource name
  secrets BLOB NOT NULL
);

CREATE TABLE campaign (
  scope_id INTEGER NOT NULL REFERENCES scope (id),
  id TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  PRIMARY KEY (scope_id, id)
) WITHOUT ROWID;

CREATE TABLE delivery (
  -- grows with the time of intake, so that rows are appended
  id INTEGER PRIMARY KEY,
  scope_id INTEGER NOT NULL REFERENCES scope (id),
  config_id INTEGER NOT NULL,
  -- of the event's id; the id itself is compared on a hit
  event_hash INTEGER NOT NULL,
  -- 0 waiting, 1 claimed, 2 delivered, 3 exhausted, 4 refused, 5 cancelled
  state INTEGER NOT NULL,
  -- of a claimed one: when its lease ends
  due_at INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  first_of_round INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  event_time INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  feedback_status TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload BLOB NOT NULL
);

-- Only what waits and what is claimed is searched by time: a delivery that goes straight out is
-- never in the first, and the second is as small as memory.
CREATE INDEX delivery_waiting ON delivery (scope_id, due_at) WHERE state = 0;
CREATE INDEX delivery_claimed ON delivery (due_at) WHERE state = 1;
CREATE INDEX delivery_event ON delivery (event_hash);
CREATE INDEX delivery_scope ON delivery (scope_id);

CREATE TABLE attempt (
  delivery_id INTEGER NOT NULL REFERENCES delivery (id),
  number INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  duration_millis INTEGER NOT NULL,
  result TEXT NOT NULL,
  failure TEXT NOT NULL,
  http_status INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;

-- Proves that the key file is the one that the secrets were encrypted with.
CREATE TABLE secret_key_check (encrypted BLOB NOT NULL);

PRAGMA user_version = 1;
INSERT INTO scope VALUES (1, 'myImsOrg', 'prod');
INSERT INTO delivery VALUES
  (7, 1, 1, -6735751029156734460, 2, 1000, 5, 2, 0, 1000, 2000, 500, 0, 'e-7', 'r', 'c', 'bounce', '', CAST('{"n":7}' AS BLOB)),
  (8, 1, 1, 3094746599112159706, 0, 1000, 0, 0, 0, 1000, 1000, 500, 0, 'e-8', 'r', 'c', 'sent', '', CAST('{"n":8}' AS BLOB));
INSERT INTO attempt VALUES
  (7, 1, 1000, 5, 'retryable', 'TIMEOUT', 0, 'late'),
  (7, 2, 1500, 5, 'accepted', '', 200, '');
