"""Faces: pictures to embeddings to candidates."""
