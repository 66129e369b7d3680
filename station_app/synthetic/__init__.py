"""Invented people: fingerprints, faces, names and whole precincts, grown from a seed.

Nothing here comes from a real person. Use it for function, scale and practice; an error
rate measured on them says nothing about real people.
"""
