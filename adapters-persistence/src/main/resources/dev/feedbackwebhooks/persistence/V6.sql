-- Endpoints that have only failed for a while; see EndpointHealth.
CREATE TABLE endpoint_health (
  scope_id INTEGER PRIMARY KEY REFERENCES scope (id),
  -- tells configuration and URL from others
  endpoint INTEGER NOT NULL,
  since INTEGER NOT NULL,
  window_start INTEGER NOT NULL,
  last INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  spread INTEGER NOT NULL
);
