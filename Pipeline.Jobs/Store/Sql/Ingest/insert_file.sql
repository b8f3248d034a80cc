-- Takes up a file by its content; no row comes back where a load of it stands in the ledger.
-- $10 the file that this one corrects, or null; $11 the export's own name; $12 the identity that ledgers before 0005 gave to a file in an
-- archive; $13 the hash of the bytes that were offered.
insert into source_file (
    sha256, name, source, profile, profile_sha256, encoding, as_of_date, ingested_at, bytes, corrects_file_id, offered_sha256, place
)
select
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $13,
    coalesce(
        (select '1' || corrected.place from source_file as corrected where corrected.file_id = $10),
        '0' || $11 || chr(1) || $1)
where not exists (select 1 from source_file where sha256 = $12 and state = 'ingested')
on conflict (sha256) where state = 'ingested' do nothing
returning file_id
