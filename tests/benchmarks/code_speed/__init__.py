"""What `bench_code.py` measures: one module for each row or group of rows."""
