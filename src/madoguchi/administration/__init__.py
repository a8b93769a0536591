"""管理: the desk's own affairs: its people, hours, books, what is kept and how long."""
