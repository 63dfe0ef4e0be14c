"""Training the built-in generator: its data, its runs, its adaptation to a shop. Nothing here serves shoppers."""
