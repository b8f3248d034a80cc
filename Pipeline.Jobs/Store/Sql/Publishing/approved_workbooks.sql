-- Grain: one row per workbook of an approved run in a language.
select kind, name, sha256, bytes
from published_workbook
where run_id = $1 and lang = $2;
