-- Grain: one row per blocking key of source $1 that more complaints share than its rule compares. $2 the largest block by rule. The last seven bits
-- of a key tell its space, from 64 on a rule.
select match_key.key
from match_key
join match_record record using (complaint_id)
where record.source = $1 and match_key.key & 127 >= 64
group by match_key.key
having count(*) > ($2::integer[])[((match_key.key & 127) - 63)::integer];
