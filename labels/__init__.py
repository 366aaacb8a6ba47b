"""Labels: the craft of ink and codes. Knows paper, fonts and QR, not what a label stands for.

In reading order: `refusals`, `fonts`, `qr`, `sheets`, `fitting`, `draw`, `decode`, `apart`, and
`forms`, the printed paper of volumes.
"""
