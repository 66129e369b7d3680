"""Pixels to templates to candidates, and nothing else."""

import os

# The matrices here are small: a second BLAS thread costs more than it brings, and it takes
# the core the screen needs. It has to be said before numpy is loaded for the first time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
