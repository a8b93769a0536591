"""The adviser's table (相談員の机): inbox, matter, reply, classification."""
