import math
from xml.etree import ElementTree

import pytest

from station_app.evaluation.line_plot import Axis, Band, Line, Mark, line_plot

SVG = "{http://www.w3.org/2000/svg}"
X, Y = Axis("score & more", 0, 0.1), Axis("FMR", 1e-6, 1, log=True)
CURVE = Line("set <1>", [0, 0.05, 0.1], [1, 1e-3, 1e-6])


def picture(*lines: Line) -> ElementTree.Element:
    band = Band("95 % band", [0, 0.1], [1e-1, 1e-6], [1, 1e-5])
    marks = (Mark("1:1", 1e-4), Mark("start", 0.02, upright=True))
    return ElementTree.fromstring(line_plot("A title", X, Y, lines, [band], marks))


def test_names_of_everything_are_in_the_picture() -> None:
    texts = [node.text for node in picture(CURVE).iter(f"{SVG}text")]
    wanted = {"A title", "score & more", "FMR", "set <1>", "95 % band", "1:1", "start"}
    assert wanted <= set(texts)


def test_a_curve_goes_from_corner_to_corner() -> None:
    group = picture(CURVE).find(f"{SVG}g")
    assert group is not None
    path = group.find(f"{SVG}path")
    assert path is not None
    assert path.attrib["d"] == "M64.0 40.0L327.0 242.0L590.0 444.0"


def test_what_is_no_number_interrupts_a_line_and_is_no_dot() -> None:
    broken = [1, math.nan, 1e-2, 0]
    line, dots = Line("a", [0, 1, 2, 3], broken), Line("b", [0, 1, 2, 3], broken, dots=True)
    drawn = line_plot("t", X, Y, [line, dots])
    assert drawn.count("<circle") == 3, "two points and the legend's"
    group = picture(line).find(f"{SVG}g")
    assert group is not None
    (path,) = (node.attrib["d"] for node in group.iter(f"{SVG}path"))
    assert path.count("M") == 2


def test_ticks_are_round_and_inside() -> None:
    assert Axis("", 0, 100).ticks() == [0, 20, 40, 60, 80, 100]
    assert Axis("", 0.0, 0.3).ticks() == pytest.approx([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3])
    assert Axis("", 5e-4, 2, log=True).ticks() == pytest.approx([1e-3, 1e-2, 1e-1, 1])


@pytest.mark.parametrize(("low", "high", "log"), [(1, 1, False), (2, 1, False), (0, 1, True)])
def test_no_axis_without_a_span(low: float, high: float, log: bool) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        Axis("", low, high, log)


def test_the_same_in_the_same_out() -> None:
    assert line_plot("t", X, Y, [CURVE]) == line_plot("t", X, Y, [CURVE])
