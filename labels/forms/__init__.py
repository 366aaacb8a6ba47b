"""Forms: the printed paper of archive volumes, to the millimetre, in Chinese as the standards have
it, in English, or in both. Knows paper and words, not records: it draws what it is told.

In reading order: `words`, `pen`, `covers`, `spines`, `notes`, `tables`, `lists`, `stamp`. Each
draws any number of its form into one PDF; what comes from an iterator is drawn as it comes.

Sources: GB/T 9705-2008 (covers, catalogue, note sheet of volumes), GB/T 11822-2008 (lists),
DA/T 22-2015 (boxes, catalogue and stamp of items).
"""
