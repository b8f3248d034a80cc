-- The text of a complaint went away: the model has nothing to say about it any more.
delete from label
using batch_judged b
where label.complaint_id = b.complaint_id
    and label.decided_by = $1
    and b.text_hash is null;
