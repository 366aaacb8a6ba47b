"""The door of the bindery: the printed paper of volumes, gathered from the records and drawn.

In reading order: `gathering` (what each form says), `printing` (which form, how, and its row in
the ledger), `stamping` (the archive stamp on scans), `routes`, `commands`.
"""
