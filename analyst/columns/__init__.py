"""What headers and cells say of a column, for every stage that asks."""
