-- Takes up a file by its content; no row comes back where the ledger has it already.
insert into source_file (
    sha256, name, source, profile, profile_sha256, encoding, as_of_date, ingested_at, bytes, corrects_file_id
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (sha256) do nothing
returning file_id
