"""The demonstration desk: published figures and cases, and work in every state."""
