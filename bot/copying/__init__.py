"""The built-in model: reads a conversation and numbered passages, says what they say, copies whatever must be exact."""
