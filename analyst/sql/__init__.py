"""SQL read as a tree: where its rows come from, what its columns are made of."""
