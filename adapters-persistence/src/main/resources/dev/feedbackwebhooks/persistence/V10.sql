-- Tells a message to a recipient, where its configuration asks for an order; see MessageKey. Null otherwise.
ALTER TABLE delivery ADD COLUMN message INTEGER;
CREATE INDEX delivery_message ON delivery (message) WHERE message IS NOT NULL;
