"""The craft of getting paper in: scanners, a folder that is watched, a mailbox. In reading order:

errors (why nothing came, and what to do) · offers (what a scanner can do, and what is chosen of
it) · scanners (SANE's scanimage: list, preview, scan) · pages (those that came) · moving, watched
(files dropped into a folder on the network) · letters (a message taken apart) · mail (a mailbox
asked by IMAP).

Each of the three gives files and is told what became of them; none knows where they are kept.
What they bring is judged by its content, like any upload.
"""
