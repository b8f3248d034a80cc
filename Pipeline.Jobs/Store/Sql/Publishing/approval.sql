-- Grain: at most one row: the approval of a run.
select published_by, published_at, note, audit_sequence, encode(audit_hash, 'hex')
from published_edition
where run_id = $1;
