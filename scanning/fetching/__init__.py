"""The door of fetching: papers that are brought in by the worker. In reading order:

bringing (files into a batch, in one commit) · folder (the watched one) · mailbox · stand (scans,
from the first page to the original) · enquiries (which scanners there are, asked for the pages).
"""
