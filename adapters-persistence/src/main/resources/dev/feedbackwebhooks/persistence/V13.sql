-- What the last attempt at an endpoint failed by, in one line; see EndpointHealth.
ALTER TABLE endpoint_health ADD COLUMN last_failure TEXT NOT NULL DEFAULT '';
