"""What the shop knows: reading its sources, building snapshots, searching them. Never imports `bot`."""
