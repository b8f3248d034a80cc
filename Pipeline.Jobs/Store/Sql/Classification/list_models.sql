select model_id, name, taxonomy, language, heads, state, trained_at, rows_count, metrics, octet_length(bytes)
from model
order by taxonomy, language, trained_at, model_id;
