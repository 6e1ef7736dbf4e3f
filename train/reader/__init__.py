"""How the reader's weights are learned: encoder.py, prepare.py, fit.py, in this order (make train does all three)."""
