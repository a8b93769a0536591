"""What happens to matters themselves: opening, locking, deadlines."""

from madoguchi.matters.operations.opening import lock, open_matter, reserve_numbers

__all__ = ["lock", "open_matter", "reserve_numbers"]
