-- Grain: one link per complaint.
insert into complainant_link (complaint_id, person_key, revision, evidence)
select complaint_id, person_key, revision, evidence
from changed_link
on conflict (complaint_id) do update
set person_key = excluded.person_key, revision = excluded.revision, evidence = excluded.evidence;
