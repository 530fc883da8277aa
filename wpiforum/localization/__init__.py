"""How each text stands in each language, told by what it says and not by when it was saved."""
