"""Handing over (引き継ぎ): a person goes to another window, and tells her story once."""
