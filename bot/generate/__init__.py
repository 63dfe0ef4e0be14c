"""Generators: each turns a prompt of numbered passages into a streamed draft."""
