"""Every kernel against the formula written out, and the compiled one against bad libraries."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.biometrics.fingerprint import packed_codes, prefilter_compiled
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.packed_codes import (
    COARSE,
    Kernel,
    PackedCodes,
    columns_first,
    pack_codes,
)
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.fingerprint.prefilter_compiled import (
    PATHS,
    CompiledKernel,
    KernelMissingError,
    compiled_kernel,
    digest_path,
    library_path,
    record_build,
)
from station_app.biometrics.fingerprint.prefilter_numpy import NumpyKernel
from station_app.domain.errors import KnownError

ROOT = Path(__file__).resolve().parents[2]
COMPILER = shutil.which(os.environ.get("CC") or "cc")


def build(into: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "build_kernel.py"), "--out", str(into)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **environment}
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if COMPILER is None:
        pytest.skip("no C compiler here")
    path = tmp_path_factory.mktemp("kernel") / "prefilter.so"
    done = build(path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("The fast matching kernel is built (compiled ")
    return path


@pytest.fixture(scope="session", params=["numpy", *PATHS])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """Every kernel this machine can run."""
    if request.param == "numpy":
        return NumpyKernel()
    try:
        return CompiledKernel(request.getfixturevalue("library"), request.param)
    except KernelMissingError as why:
        pytest.skip(str(why))


def written_out(
    fingers: list[np.ndarray], probe: np.ndarray, floor: float, whole: bool
) -> list[float]:
    sums = []
    for finger in fingers:
        total = 0.0
        for own in probe[:, : None if whole else COARSE].astype(int):
            dots = [int(own @ other[: len(own)]) for other in finger.astype(int)]
            total += max(0.0, max(dots, default=0) - floor) ** 2
        sums.append(total)
    return sums


def packed(fingers: list[np.ndarray], per_part: int = 5) -> PackedCodes:
    parts = [fingers[begin : begin + per_part] for begin in range(0, len(fingers), per_part)]
    return pack_codes(
        [(np.array([len(f) for f in part], np.uint8), np.concatenate(part)) for part in parts],
        STANDARD,
    )


@given(data=st.data())
@settings(max_examples=40)
def test_sums_are_those_of_the_formula(kernel: Kernel, data: st.DataObject) -> None:
    block = data.draw(st.sampled_from([1, 3, 64]))
    counts = data.draw(st.lists(st.integers(0, 48), min_size=1, max_size=12))
    length = data.draw(st.integers(1, 48))
    most = data.draw(st.sampled_from([1, 40, 127]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    floor = float(rng.integers(0, 30_000) * (most / 127) ** 2)
    fingers = [rng.integers(-most, most + 1, (n, STANDARD.code_size), np.int8) for n in counts]
    probe = rng.integers(-most, most + 1, (length, STANDARD.code_size), np.int8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_codes, "BLOCK", block)
        codes = packed(fingers)
    whole = data.draw(st.booleans())
    expected = written_out([columns_first(f) for f in fingers], columns_first(probe), floor, whole)
    in_order = np.array(expected)[codes.order]
    found = kernel.sums(codes, columns_first(probe), floor, whole)
    np.testing.assert_allclose(found, in_order, rtol=1e-5, atol=1e-3)
    places = rng.integers(0, len(fingers), 7)
    some = kernel.sums(codes, columns_first(probe), floor, whole, places)
    np.testing.assert_allclose(some, in_order[places], rtol=1e-5, atol=1e-3)


def test_largest_products_do_not_overflow(kernel: Kernel) -> None:
    size = STANDARD.code_size
    fingers = [np.full((48, size), sign * 127, np.int8) for sign in (1, -1)]
    sums = kernel.sums(packed(fingers), fingers[1], 0.0, True)
    np.testing.assert_allclose(sums, [0, 48 * (size * 127.0**2) ** 2], rtol=1e-6)


def test_no_fingers(kernel: Kernel) -> None:
    rng = np.random.default_rng(0)
    some = [rng.integers(-9, 9, (3, STANDARD.code_size), np.int8)]
    nobody = np.zeros(0, np.intp)
    assert kernel.sums(packed(some), some[0], 0.0, True, nobody).shape == (0,)
    empty = pack_codes([(np.zeros(0, np.uint8), np.zeros((0, 64), np.int8))], STANDARD)
    assert kernel.sums(empty, some[0], 0.0, False).shape == (0,)


def test_codes_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_codes, "BLOCK", 4)
    rng = np.random.default_rng(1)
    fingers = [rng.integers(-127, 128, (n, 64), np.int8) for n in (3, 48, 0, 1, 17, 48, 9)]
    codes = packed(fingers)
    for place, finger in enumerate(codes.order):
        np.testing.assert_array_equal(codes.codes_at(place), fingers[finger])


def test_a_library_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prefilter.so"
    path.write_bytes(b"\x7fELF and nothing else")
    with pytest.raises(KernelMissingError, match="cannot be loaded"):
        CompiledKernel(path)


def test_a_library_of_another_kind_is_refused(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefilter_compiled, "ABI", 99)
    with pytest.raises(KernelMissingError, match="has the ABI"):
        CompiledKernel(library)
    empty = tmp_path / "empty.c"
    empty.write_text("int nothing;\n")
    made = tmp_path / "empty.so"
    subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", made, empty], check=True)
    with pytest.raises(KernelMissingError, match="prefilter_abi"):
        CompiledKernel(made)


def test_a_library_that_computes_wrongly_is_refused(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NumpyKernel, "sums", lambda *given: np.float32(3))
    with pytest.raises(KernelMissingError, match="computes wrongly"):
        CompiledKernel(library)


@pytest.fixture
def other_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the kernel's source, of which nothing is built."""
    source = tmp_path / "prefilter.c"
    shutil.copy(prefilter_compiled.SOURCE, source)
    monkeypatch.setattr(prefilter_compiled, "SOURCE", source)
    compiled_kernel.cache_clear()
    return source


def test_the_library_of_another_source_is_not_looked_for(other_source: Path) -> None:
    name = library_path().name
    other_source.write_text(other_source.read_text() + "\n")
    assert library_path().name != name


@pytest.mark.parametrize("command", ["/no/such/compiler", f"{sys.executable} -c fail"])
def test_a_compiler_that_fails_leaves_one_line_and_nothing_else(
    tmp_path: Path, command: str
) -> None:
    done = build(tmp_path / "prefilter.so", CC=command)
    assert done.returncode == 1
    assert done.stderr.startswith("The fast matching kernel is not built, numpy is used: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_a_library_numpy_is_used(other_source: Path) -> None:
    assert Gallery([], "any").kernel == "numpy"
    with pytest.raises(KnownError) as caught:
        Gallery([], "any", kernel="compiled")
    assert caught.value.code == "kernel_missing"
    assert "make kernel" in caught.value.message


def test_with_a_library_it_is_used(library: Path, other_source: Path) -> None:
    library_path().parent.mkdir()
    shutil.copy(library, library_path())
    with pytest.raises(KnownError, match="cannot be checked"):
        Gallery([], "any", kernel="compiled")
    record_build(library_path())
    fastest = CompiledKernel(library)
    assert Gallery([], "any", kernel="compiled").kernel == fastest.name
    assert Gallery([], "any").kernel == (fastest.name if fastest.outruns_numpy else "numpy")
    assert Gallery([], "any", kernel="numpy").kernel == "numpy"
    assert Gallery([], "any").with_kernel("numpy").kernel == "numpy"
    compiled_kernel.cache_clear()


def test_a_library_that_was_not_built_here_is_not_even_loaded(
    other_source: Path, tmp_path: Path
) -> None:
    """Loading it would run what is in it."""
    if COMPILER is None:
        pytest.skip("no C compiler here")
    planted, ran = library_path(), tmp_path / "ran"
    planted.parent.mkdir()
    source = tmp_path / "planted.c"
    source.write_text(
        "#include <stdio.h>\n__attribute__((constructor)) static void go(void)"
        f'{{fclose(fopen("{ran}", "w"));}}\nint prefilter_abi(void){{return 1;}}\n'
    )
    built = tmp_path / "built.so"
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", built, source], check=True)

    def refused() -> str:
        compiled_kernel.cache_clear()
        with pytest.raises(KernelMissingError) as why:
            compiled_kernel()
        assert not ran.exists()
        return str(why.value)

    shutil.copy(built, planted)
    assert "cannot be checked" in refused()
    digest_path(planted).write_text("0" * 64)
    assert "not what was built" in refused()
    record_build(planted)
    for path in (planted, digest_path(planted), planted.parent):
        mode = path.stat().st_mode
        path.chmod(mode | 0o020)
        assert "others may write" in refused()
        path.chmod(mode)
    planted.unlink()
    planted.symlink_to(built)
    assert "others may write" in refused()


def test_other_sizes_are_refused_by_the_compiled_kernel(library: Path) -> None:
    rng = np.random.default_rng(0)
    codes = packed([rng.integers(-9, 9, (3, 64), np.int8)])
    with pytest.raises(ValueError, match="48 cylinders"):
        CompiledKernel(library).sums(codes, np.zeros((49, 64), np.int8), 0.0, True)
