"""The craft of reading paper. In reading order:

reading (what comes out) · originals, pdfpages (files and their pages) · textlayer (words a PDF
already has) · images (turning, straightening, cleaning) · engines (who reads) · words, rulings,
layout (in which order) · pipeline (all of it, on one screen) · workshop (the same in child
processes with limits) · fields (kind and fields of a paper) · pdf (a searchable PDF) · batch
(whole files).
"""
