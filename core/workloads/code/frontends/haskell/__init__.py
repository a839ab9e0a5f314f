"""Haskell: a part of Haskell 2010 with classes, layout and laziness, and a Prelude written in it."""
