"""Pages of the books. Each module answers `routes`; addresses begin with the institution whose book it is."""
