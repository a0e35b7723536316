-- The trace that a delivery belongs to (W3C Trace Context); null without one.
ALTER TABLE payload ADD COLUMN traceparent TEXT;
