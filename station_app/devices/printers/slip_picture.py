"""A slip as Pillow's kind of picture, for the libraries that take those."""

from PIL import Image

from station_app.domain.slips import SlipImage


def slip_picture(image: SlipImage) -> Image.Image:
    """One bit a dot, of the slip's own size."""
    # "1;I": our ones are black, Pillow's are white.
    size = (image.width, image.height)
    return Image.frombytes("1", size, image.pixels, "raw", "1;I")
