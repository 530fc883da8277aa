"""What the open data interface is made of: the shape of answers, lists in pages, problems, limits."""
