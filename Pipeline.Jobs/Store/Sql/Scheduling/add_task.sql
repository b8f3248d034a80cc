-- Adds a task unless its slot has one, or the same month is open already. One row with its number where it was added.
insert into task (job, kind, slot, source, month, spec, reason, priority, due_at, deadline_at, requested_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())
on conflict do nothing
returning task_id;
