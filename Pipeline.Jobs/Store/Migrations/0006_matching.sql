-- One row is what the link step learned for a source, each time that it differs. Key: model.
create table match_model (
    match_model_id   bigint generated always as identity primary key,
    source           text not null,
    complaints       integer not null,                   -- complaints that it was learned from
    schema_sha256    text not null,                      -- of the matching schema
    names_sha256     text not null,                      -- of the lexicon of names
    parameters       jsonb not null,                     -- prior; m and u of each field and level; no values of persons
    learned_at       timestamptz not null
);
create index match_model_source on match_model (source, match_model_id);
