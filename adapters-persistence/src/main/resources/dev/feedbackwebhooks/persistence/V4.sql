-- What attempts were like on the wire; see AttemptBlob. Null for those of earlier versions, and where the
-- body of the delivery was removed before its record.
ALTER TABLE attempt ADD COLUMN wire BLOB;
ALTER TABLE delivery ADD COLUMN accepted_wire BLOB;
-- When the attempt after this one was to follow.
ALTER TABLE attempt ADD COLUMN next_time INTEGER;
