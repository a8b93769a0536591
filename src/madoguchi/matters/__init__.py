"""Matters (事案): the spine that everything about one trouble hangs on."""
