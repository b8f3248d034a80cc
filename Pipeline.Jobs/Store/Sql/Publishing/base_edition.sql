-- Grain: at most one row: the edition that another one of the month stands against. The one that was approved last; where none was, the
-- complete one with the next smaller number.
select r.run_id, r.edition, r.place, r.identity_event_id, p.run_id is not null as is_published, r.inputs::text, r.document
from run r
left join published_edition p using (run_id)
where r.month = $1 and r.source = $2 and r.state = 'complete' and r.run_id <> $3
    and (p.run_id is not null or r.edition < $4)
order by p.audit_sequence desc nulls last, r.edition desc
limit 1;
