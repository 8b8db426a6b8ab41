"""Finding the same woman entered twice: what is read, how alike two records are, what is kept for review."""
