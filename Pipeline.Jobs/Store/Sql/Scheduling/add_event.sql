-- Somebody must be told; the same event only once.
insert into outbox (event_key, kind, urgent, subject_zh, subject_en, body_zh, body_en, data, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())
on conflict (event_key) do nothing;
