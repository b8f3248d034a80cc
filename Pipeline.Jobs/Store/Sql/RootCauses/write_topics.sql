-- Writes the topics of a month. $4 ids, $5 causes, $6 titles, $7 first months, $8 complaints, $9 centroids as JSON texts.
insert into topic_month (source, month, topic_id, cause, title, first_month, complaints, centroid, run_id)
select $1, $2, topic.topic_id, topic.cause, topic.title, topic.first_month, topic.complaints, topic.centroid::jsonb, $3
from unnest($4, $5, $6, $7, $8, $9) as topic (topic_id, cause, title, first_month, complaints, centroid)
