"""The page: one file a page and one a part of it. Draws values and decides nothing."""
