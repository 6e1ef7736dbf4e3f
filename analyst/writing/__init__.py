"""How numbers, periods and tables are written for people."""
