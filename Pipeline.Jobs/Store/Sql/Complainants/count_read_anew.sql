-- Grain: one row: how many complaints of source $1 linking would read anew by the rules $2.
select count(*)
from complaint c
left join match_record record using (complaint_id)
where c.source = $1
    and (c.content_hash is distinct from record.content_hash
        or $2 is distinct from (select rules_sha256 from match_state where match_state.source = $1));
