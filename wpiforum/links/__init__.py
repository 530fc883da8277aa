"""Links: which outside addresses are used where, whether they still answer, and what leads to a row on this site."""
