"""Periods and numbers as people write them, in English and Chinese; what is written is data (calendar.tsv, forms.tsv, scales.tsv)."""
