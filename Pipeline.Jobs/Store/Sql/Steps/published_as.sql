-- Grain: one row per content of a workbook that was published, of those asked for: whose it is.
select distinct on (w.sha256) w.sha256, r.month, r.source, w.lang
from workbook w
join run r using (run_id)
where w.sha256 = any($1)
order by w.sha256, r.month, r.source collate "C", w.lang;
