-- Grain: one row per event of the audit chain, in order: what is recorded, and what follows from the event before and from its own content.
select sequence,
    action,
    encode(hash, 'hex') as hash,
    encode(sha256(convert_to(format('%s|%s|%s|%s|%s|%s', sequence,
        to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor, action, detail::text, encode(previous, 'hex')), 'UTF8')), 'hex') as made,
    encode(previous, 'hex') as previous
from audit_event
order by sequence;
