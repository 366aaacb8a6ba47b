"""The craft of reading paper. In reading order:

reading (what comes out) · originals, pdfpages (files and their pages) · textlayer (words a PDF
already has) · images, photos, seals, margins (squaring, turning, straightening, cleaning) ·
engines (who reads) · words, rulings, layout (in which order) · quality (what to scan again) ·
likeness (the same page twice) · pipeline (all of it, on one screen) · workshop (the same in child
processes with limits) · stacks (where a paper ends) · fields (kind and fields of a paper) · second
(whether another reader agrees) · pdf (a searchable PDF) · batch (whole files) · devices (scanners,
watched folder, mailbox).

The doors: intake (what comes in is kept) · fetching (what is brought) · readingroom (the worker's
part) · dividing (stacks become papers) · making (PDFs and pictures) · routes, commands.
"""
