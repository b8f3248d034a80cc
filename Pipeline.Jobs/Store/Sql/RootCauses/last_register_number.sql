-- One row: the highest number that an entry of any version of the source's register has; 0 for none.
select coalesce(max(substring(entry ->> 'id' from '^R-(\d+)$')::integer), 0)
from remediation_version
cross join lateral jsonb_array_elements(entries) as entry
where source = $1
