-- Grain: one row: the register of the source that stands.
select version, sha256, entries::text
from remediation_version
where source = $1
order by version desc
limit 1
