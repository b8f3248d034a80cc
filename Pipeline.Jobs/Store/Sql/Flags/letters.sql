-- Grain: one row per complaint of the source received between the two days: its sealed content and the tokens of its contacts.
select complaint_id, case_number, key_id, sealed, phone_tokens, email_token
from complaint
where source = $1 and received_date between $2 and $3
order by complaint_id;
