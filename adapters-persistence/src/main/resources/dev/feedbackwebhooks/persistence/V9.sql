-- Which deliveries each commit changed, for those who watch: a row a commit, kept for a day.
CREATE TABLE delivery_change (
  seq INTEGER PRIMARY KEY,
  -- never before that of the row before
  time INTEGER NOT NULL,
  -- see ChangedIds
  ids BLOB NOT NULL
);
-- There always is a last one, for cursors to stand at.
INSERT INTO delivery_change VALUES (0, CAST(strftime('%s', 'now') AS INTEGER) * 1000, x'');
