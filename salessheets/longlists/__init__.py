"""Lists larger than memory, compared row with row: the answer of ``dedupe``, worked out on disk.

read in stretches → clean in batches → match as relations → answer → one file, written as it comes. Cleaning, model and
answer are those of ``dedupe``; only where the rows lie is different.
"""
