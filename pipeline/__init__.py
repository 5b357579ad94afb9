"""Polyleaf: one resolution in, a web page and print-ready leaflets in every signatory's language out."""

__version__ = "0.1.0"
