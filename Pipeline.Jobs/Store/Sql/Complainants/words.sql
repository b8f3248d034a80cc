-- Grain: one row per word on identities of the source, in the order of saying, with the cases of its two sides and who took it back, if anybody did.
select w.word_id, w.kind, w.note, w.said_by, w.said_at,
    array(select case_number from identity_word_case c where c.word_id = w.word_id and c.side = 1 order by place),
    array(select case_number from identity_word_case c where c.word_id = w.word_id and c.side = 2 order by place),
    withdrawal.withdrawn_by, withdrawal.withdrawn_at, withdrawal.note
from identity_word w
left join identity_withdrawal withdrawal using (word_id)
where w.source = $1
order by w.word_id;
