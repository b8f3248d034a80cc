-- One row is a key that values of this database are sealed with. Key: key id.
-- The fingerprint is an HMAC of a constant: it shows a wrong or lost key file before anything is sealed with another key.
create table key_check (
    key_id      integer primary key,
    fingerprint bytea not null check (length(fingerprint) = 32)
);
