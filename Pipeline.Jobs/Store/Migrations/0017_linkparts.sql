-- What a node that took a part of a month found of a complaint before the complaints are linked: what of it follows from the complaint alone, so that it
-- does not matter who found it. Linking takes it over into match_record and match_key where the complaint still stands as it was, and finds the rest itself.
-- Names and numbers stand in it as signs and nowhere else. Key: complaint.
create table match_prepared (
    complaint_id  bigint primary key,
    source        text collate "C" not null,
    content_hash  bytea not null,                        -- the complaint's, as it was read
    rules_sha256  text not null,                         -- see match_state
    digest        bytea not null,                        -- these as in match_record
    name_sound    bigint not null,
    own_keys      bigint[] not null,                     -- identity number, contacts, values that many may share
    rule_keys     bigint[] not null                      -- blocking keys, as they are where too many use none of its values
);
create index match_prepared_source on match_prepared (source);

