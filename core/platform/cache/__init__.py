"""The cache: a hot tier in memory, a warm one in a file, and behind them whoever knows."""
