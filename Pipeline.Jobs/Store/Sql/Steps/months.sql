-- Grain: one row per source and month of receipt, with how many complaints the ledger holds.
select source, date_trunc('month', received_date)::date as month, count(*) as complaints
from complaint
where $1::text is null or source = $1
group by 1, 2
order by 2, 1;
