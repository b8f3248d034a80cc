-- Each event of the last week goes to the channel once.
insert into outbox_delivery (outbox_id, channel, next_at)
select outbox_id, $1, clock_timestamp()
from outbox
where created_at > clock_timestamp() - interval '7 days' and (not $2 or urgent)
on conflict (outbox_id, channel) do nothing;
