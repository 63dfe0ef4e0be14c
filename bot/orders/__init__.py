"""Orders: looked up and changed for whoever proves that they are theirs.

`talk.py` is the skill; everything that it needs is handed to it by `opening.py`.
"""
