"""The windows (窓口) a person can be sent to, as dated data files with sources."""
