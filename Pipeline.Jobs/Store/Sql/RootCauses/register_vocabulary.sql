-- Grain: one row per dimension and class that complaints of the source have.
select 'branch' as dimension, coalesce(parent_branch_name, branch_name) as member
from complaint
where source = $1 and coalesce(parent_branch_name, branch_name) is not null
union
select 'business', business_reported from complaint where source = $1 and business_reported is not null
union
select 'cause', cause_reported from complaint where source = $1 and cause_reported is not null
union
select label.head, label.class
from label
join complaint using (complaint_id)
where complaint.source = $1 and label.head in ('business', 'cause')
