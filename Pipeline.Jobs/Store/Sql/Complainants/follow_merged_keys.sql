-- A key that was merged away leads to the person who holds its complaint now; where that is its own, it stands again. $1 keys, $2 complaints.
update complainant
set merged_into = nullif(link.person_key, complainant.person_key)
from unnest($1::bigint[], $2::bigint[]) as holder (person_key, complaint_id)
join complainant_link link using (complaint_id)
where complainant.person_key = holder.person_key
    and complainant.merged_into is distinct from nullif(link.person_key, complainant.person_key);
