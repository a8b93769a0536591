"""What happens with experts: hours are offered, questions asked, dates booked, results heard."""
