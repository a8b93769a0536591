"""The figures (統計): the official tables, counted and checked."""
