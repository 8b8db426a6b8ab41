"""The same woman entered twice: found, reviewed side by side, merged, and merges undone."""
