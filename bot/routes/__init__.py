"""HTTP and websocket routes: parse, authorise, limit, hand on. No decision about the dialogue is made here."""
