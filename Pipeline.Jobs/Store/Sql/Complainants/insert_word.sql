-- One word with its cases. $1 source, $2 kind, $3 bond, $4 note, $5 by, $6 at, $7 cases of side 1, $8 of side 2. Gives its number.
with word as (
    insert into identity_word (source, kind, bond, note, said_by, said_at)
    values ($1, $2, $3, $4, $5, $6)
    returning word_id
),
named as (
    select 1::smallint as side, place, case_number
    from unnest($7::text[]) with ordinality as one (case_number, place)
    union all
    select 2::smallint, place, case_number
    from unnest($8::text[]) with ordinality as other (case_number, place)
),
cases as (
    insert into identity_word_case (word_id, side, place, case_number)
    select word_id, side, place, case_number
    from word
    cross join named
)
select word_id from word;
