"""Research plans: a typed record, rules that check it, filling from the catalog, rendering and export.

Plain functions over values: nothing here stores, serves or searches anything.
"""
