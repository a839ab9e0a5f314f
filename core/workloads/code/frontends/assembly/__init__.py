"""The Engine's own language, in two dialects: mnemonics, and the card decks of the Fourmilab emulator."""
