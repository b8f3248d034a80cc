-- Grain: one row per complaint of the source that a run looks at for its own sake: received or closed on or after the day $2, still open, or reported
-- otherwise than before by an export made since then. A closing is told by an export of its day or later. Files are numbered in the order in which they
-- were taken, so the least number narrows the rows of the ledger.
select complaint_id
from complaint
where source = $1 and received_date >= $2
union all
select complaint_id
from complaint
where source = $1 and received_date < $2 and status = 'open'
union all
select complaint_id
from complaint
where source = $1 and received_date < $2 and status <> 'open'
    and file_id >= (select min(file_id) from source_file where source = $1 and as_of_date >= $2)
    and file_id in (select file_id from source_file where source = $1 and as_of_date >= $2)
    and (revision > 1 or closed_date >= $2)
