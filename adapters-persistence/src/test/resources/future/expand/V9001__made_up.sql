-- What a later version may do while older ones work on the database: add.
SET LOCAL lock_timeout = '10s';
ALTER TABLE attempt ADD COLUMN made_up text;
ALTER TABLE delivery ADD COLUMN made_up bigint;
ALTER TABLE delivery_open ADD COLUMN made_up boolean NOT NULL DEFAULT false;
ALTER TABLE payload ADD COLUMN made_up text;
ALTER TABLE webhook_config ADD COLUMN made_up text;
ALTER TABLE campaign ADD COLUMN made_up text;
ALTER TABLE event_key ADD COLUMN made_up integer;
ALTER TABLE delivery_change ADD COLUMN made_up integer;
ALTER TABLE delivery_count ADD COLUMN made_up bigint NOT NULL DEFAULT 0;
ALTER TABLE audit_record ADD COLUMN made_up text;
ALTER TABLE replay ADD COLUMN made_up text;
ALTER TABLE node ADD COLUMN made_up text;
ALTER TABLE endpoint_health ADD COLUMN made_up text;
ALTER TABLE scope ADD COLUMN made_up text;
CREATE TABLE made_up (id bigint PRIMARY KEY);
