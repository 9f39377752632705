"""Other programs that answer questions over tables, asked the same questions. None of them is needed here.

``compare`` starts each in the interpreter that has it. A module ``ask_NAME`` runs there, by path, and imports
nothing but the standard library and that program: it reads one JSON document (catalog, questions, options)
from stdin and writes one JSON line for each question: id, columns, rows (null where it gives none), sql.
"""
