"""The commission's side: voter lists are built here.

`build_list` turns voters and finger images into a list file. `find_real_fingers` and
`invent_voters` make an invented precinct of a folder of real finger images.
"""

from station_app.centre.list_building import BuildReport, EnrolmentImage, build_list
from station_app.centre.real_fingers import (
    RealFinger,
    enrolment_images,
    find_real_fingers,
    invent_voters,
)

__all__ = [
    "BuildReport",
    "EnrolmentImage",
    "RealFinger",
    "build_list",
    "enrolment_images",
    "find_real_fingers",
    "invent_voters",
]
