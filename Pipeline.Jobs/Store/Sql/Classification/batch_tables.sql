create temporary table batch_judged (
    complaint_id bigint, content_hash bytea, text_hash bytea
) on commit drop;
create temporary table batch_label (
    complaint_id bigint, head text, class text, probability real, needs_review boolean, text_hash bytea
) on commit drop;
