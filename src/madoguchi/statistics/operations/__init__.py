"""What people do with figures: report them, publish them, gather those of others."""
