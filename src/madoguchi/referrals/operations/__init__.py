"""What happens to hand-overs. Lock, ask, change, save, record: always so."""
