"""Readers of file formats: each turns bytes into the Markdown-like text that the package stores."""
