"""The guide for other software: JSON in, JSON out; no session, no cookie, nothing kept."""
