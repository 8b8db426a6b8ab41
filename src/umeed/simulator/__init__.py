"""An invented mission of any size."""
