-- Grain: one row per source and month of receipt within the ledger: complaints, the newest run with its edition and steps.
select m.source, m.month, m.complaints, r.run_id, r.edition, r.completed_at,
    (select jsonb_agg(jsonb_build_object('name', s.name, 'rows', s.rows, 'seconds', s.seconds) order by s.ordinal)::text from run_step s where s.run_id = r.run_id) as steps,
    (select jsonb_agg(jsonb_build_object('kind', w.kind, 'lang', w.lang, 'name', w.name, 'sha256', w.sha256) order by w.kind, w.lang)::text
        from workbook w where w.run_id = r.run_id) as workbooks
from (
    select source, date_trunc('month', received_date)::date as month, count(*) as complaints
    from complaint
    group by 1, 2
) m
left join lateral (
    select run_id, edition, completed_at from run
    where source = m.source and month = m.month and state = 'complete'
    order by completed_at desc, edition desc limit 1
) r on true
order by m.month desc, m.source
limit $1;
