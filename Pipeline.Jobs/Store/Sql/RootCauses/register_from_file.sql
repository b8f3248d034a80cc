-- One row: whether the register that stands was read from this workbook.
select exists (
    select from remediation_version
    where source = $1 and version = $2 and file_sha256 = $3
)
