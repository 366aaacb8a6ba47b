"""The doors of the archive: the pages and JSON of each concept, one file a concept."""
