"""The pages of figures: they translate and decide nothing."""
