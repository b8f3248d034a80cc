-- Collects the cases that a file reported, in whatever way, into rebuild_case.
insert into rebuild_case
select complaint_id from complaint where file_id = $1
union
select complaint_id from complaint_revision where file_id = $1
union
select complaint_id from complaint_sighting where file_id = $1
