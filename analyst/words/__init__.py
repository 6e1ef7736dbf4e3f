"""The words people use for tables: how text is cut into words, which words mean the same, what they ask for."""
