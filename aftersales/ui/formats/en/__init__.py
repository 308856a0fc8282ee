"""How this language writes dates, times and numbers."""
