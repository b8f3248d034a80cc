-- Grain: one row per workbook of an approved edition: what the approval recorded in the audit chain, and what is kept.
select p.run_id, p.month, p.source, p.edition, p.audit_sequence,
    encode(p.audit_hash, 'hex') as approved_hash, encode(a.hash, 'hex') as audit_hash,
    encode(sha256(r.document), 'hex') as document, a.detail ->> 'document_sha256' as approved_document,
    w.kind, w.lang, encode(sha256(w.bytes), 'hex') as workbook, b.detail -> 'workbooks' ->> (w.lang || '/' || w.kind) as approved_workbook
from published_edition p
join run r using (run_id)
left join audit_event a on a.sequence = p.audit_sequence
left join audit_event b on b.action = 'publish.workbooks' and b.detail ->> 'run_id' = p.run_id
left join published_workbook w using (run_id)
order by p.audit_sequence, w.lang collate "C", w.kind collate "C";
