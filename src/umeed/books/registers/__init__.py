"""What the books say, as papers: each register a function of a book and a time. `catalogue` names them all."""
