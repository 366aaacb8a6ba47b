"""The archive: its records and its rules. It knows nothing of OCR, indexes or ink.

To read it, begin with `base/ledger` and `base/db`, then one noun a file in this order: `users`,
`access`, `numbers`, `codes`, `parties`, `categories`, `locations`, `volumes`, `shelving`,
`documents`, `circulation`, `dossiers`, `merging`. Papers come in through `batches`, `scans` and
`sources`. Rules take `(session, subject, …, by=actor, at=moment)` and never commit; the doors in
`routes/` do.
"""
