-- Who changed what. Rows are appended, in the transaction of the change, and kept for ever.
CREATE TABLE audit_record (
  -- grows in the order of the commits
  id INTEGER PRIMARY KEY,
  scope_id INTEGER NOT NULL REFERENCES scope (id),
  time INTEGER NOT NULL,
  action TEXT NOT NULL,
  -- full resource name; what it names may be gone
  resource TEXT NOT NULL,
  who TEXT NOT NULL,
  changes TEXT NOT NULL
);
CREATE INDEX audit_record_scope ON audit_record (scope_id);

CREATE TRIGGER audit_record_stays BEFORE UPDATE ON audit_record
BEGIN
  SELECT RAISE(ABORT, 'an audit record is never changed');
END;
CREATE TRIGGER audit_record_is_kept BEFORE DELETE ON audit_record
BEGIN
  SELECT RAISE(ABORT, 'an audit record is never deleted');
END;
-- Without this one, REPLACE would delete a row unseen by the trigger above.
CREATE TRIGGER audit_record_comes_last BEFORE INSERT ON audit_record
WHEN NEW.id <= (SELECT MAX(id) FROM audit_record)
BEGIN
  SELECT RAISE(ABORT, 'an audit record comes after all others');
END;

-- Secrets stand in audit records as keyed hashes by this key, which is encrypted itself.
CREATE TABLE fingerprint_key (encrypted BLOB NOT NULL);
