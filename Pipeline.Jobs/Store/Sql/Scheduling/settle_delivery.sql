update outbox_delivery set
    state = $3,
    attempts = attempts + 1,
    delivered_at = case when $3 = 'delivered' then clock_timestamp() end,
    next_at = clock_timestamp() + make_interval(secs => $4),
    last_error = $5
where outbox_id = $1 and channel = $2;
