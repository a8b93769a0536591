"""The pages of the desk: they translate and decide nothing."""
