-- Grain: one row, or none where the newest model of the source is the same.
with newest as (
    select complaints, schema_sha256, names_sha256, parameters
    from match_model
    where source = $1
    order by match_model_id desc
    limit 1
)
insert into match_model (source, complaints, schema_sha256, names_sha256, parameters, learned_at)
select $1, $2, $3, $4, $5, $6
where not exists (
    select from newest where complaints = $2 and schema_sha256 = $3 and names_sha256 = $4 and parameters = $5
);
