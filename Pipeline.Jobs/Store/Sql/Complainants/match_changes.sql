-- Grain: one row per complaint of source $1 that is new, differs from what was judged, or is gone.
select coalesce(c.complaint_id, record.complaint_id), c.complaint_id is null as is_gone
from (select complaint_id, content_hash from complaint where source = $1) c
full join (select complaint_id, content_hash from match_record where source = $1) record using (complaint_id)
where c.content_hash is distinct from record.content_hash;
