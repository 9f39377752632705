"""A hospital's tables read where they are: engines, statements that give aggregates only, descriptions."""
