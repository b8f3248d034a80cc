-- The first model of a taxonomy and language is its champion; a later one is a challenger until it is promoted.
insert into model (model_id, name, taxonomy, language, heads, state, trained_at, data_sha256, rows_count, metrics, bytes)
values (
    $1, $2, $3, $4, $5,
    case when exists (select from model where taxonomy = $3 and language = $4 and state = 'champion') then 'challenger' else 'champion' end,
    $6, $7, $8, $9, $10)
on conflict (model_id) do nothing
returning state;
