-- The schema itself and the list of what was applied to it. Run under the migration lock, as often as one likes.
create schema if not exists pipeline;

-- One row is a schema change that was applied.
create table if not exists schema_migration (
    number     integer primary key,
    name       text not null,
    sha256     text not null,
    applied_at timestamptz not null
);
