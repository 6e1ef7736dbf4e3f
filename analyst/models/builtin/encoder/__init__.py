"""What a small encoder, trained on questions with known queries, believes of a question: the part each column plays, and the shape."""
