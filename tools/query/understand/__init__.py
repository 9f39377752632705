"""From a question to a query plan: words, lexicon, segments, quantities, plan."""
