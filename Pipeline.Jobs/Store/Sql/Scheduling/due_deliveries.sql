-- Deliveries that are due for one channel, taken by this session until its transaction ends.
select d.outbox_id, o.event_key, o.kind, o.urgent, o.subject_zh, o.subject_en, o.body_zh, o.body_en, o.data::text, o.created_at, d.attempts
from outbox_delivery d
join outbox o using (outbox_id)
where d.channel = $1 and d.state = 'waiting' and d.next_at <= clock_timestamp()
order by d.outbox_id
limit 1
for update of d skip locked;
