-- Grain: one row per node that works, or that worked within the last day.
select node, host, process_id, program_version, rules_sha256, schedule_sha256, started_at, seen_at, clock_ahead_ms, stopped_at,
    extract(epoch from clock_timestamp() - seen_at)::double precision as silent_seconds
from node
where stopped_at is null and seen_at > clock_timestamp() - interval '1 day' or stopped_at > clock_timestamp() - interval '1 day'
order by stopped_at is not null, node;
