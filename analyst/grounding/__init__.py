"""What a question's words can speak of: cells, headers, numbers, periods and other texts. What is found, never what is meant."""
