-- The champion that the present one replaced when it was promoted: the last change that has not been rolled back.
select e.replaced_model_id
from model_event e
join model m on m.model_id = e.model_id
where m.state = 'champion'
    and m.taxonomy = $1
    and m.language = $2
    and e.kind = 'promoted'
    and e.replaced_model_id is not null
order by e.event_id desc
limit 1;
