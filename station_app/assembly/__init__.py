"""The only room that chooses real or simulated parts and connects them."""
