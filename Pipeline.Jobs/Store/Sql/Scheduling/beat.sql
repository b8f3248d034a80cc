-- A node is alive. One row: the server's clock.
insert into node (node, host, process_id, program_version, rules_sha256, schedule_sha256, started_at, seen_at, clock_ahead_ms)
values ($1, $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp(), $7)
on conflict (node) do update set
    seen_at = clock_timestamp(), clock_ahead_ms = excluded.clock_ahead_ms, stopped_at = null, process_id = excluded.process_id,
    program_version = excluded.program_version, rules_sha256 = excluded.rules_sha256, schedule_sha256 = excluded.schedule_sha256
returning seen_at;
