-- Writes a version of the register.
insert into remediation_version (source, version, sha256, entries, file_sha256, imported_by, imported_at)
values ($1, $2, $3, $4::jsonb, $5, $6, $7)
