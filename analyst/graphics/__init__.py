"""What the choice of a chart and its drawing share: shapes of results, encodings, titles."""
