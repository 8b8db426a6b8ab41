"""JSON with OpenAPI."""
