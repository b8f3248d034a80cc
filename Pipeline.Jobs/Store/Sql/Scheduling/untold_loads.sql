-- Grain: one row per load of those named that came after the file was taken (clocks of nodes may differ by seconds) and of which no drop tells.
select f.file_id
from source_file f
where f.file_id = any($1) and f.ingested_at >= $2 - interval '5 seconds'
    and not exists (select from dropped_file d where d.outcome = 'ingested' and d.sha256 = coalesce(f.offered_sha256, f.sha256));
