-- Every file that was offered and taken, in the order in which it was taken. One row per file.
select
    file_id,
    name,
    sha256,
    source,
    profile,
    encoding,
    as_of_date,
    state,
    ingested_at,
    bytes,
    read_count,
    new_count,
    updated_count,
    unchanged_count,
    duplicate_count,
    rejected_count,
    warning_count,
    cleaned_count,
    late_count,
    skipped_count,
    corrects_file_id
from source_file
order by file_id
