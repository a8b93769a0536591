"""Reading: the hours experts offer, what they were asked, what they may see, the figures."""
