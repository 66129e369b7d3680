"""Every shipped lesson, played through the real window in every language."""
