"""Cases made from a catalog, whichever it is: its own names in wordings that are data, gold rows by SQL."""
