"""The book of rules: plain Python without Django, clock, database or network."""
