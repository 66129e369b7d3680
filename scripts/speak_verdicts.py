"""Synthesises the sentences that voters hear, from `display.po`, with eSpeak NG.

    python scripts/speak_verdicts.py [--check]

Needs the program `espeak-ng` (Debian: `apt install espeak-ng`). Writes
`content/languages/<code>/spoken/<sentence>.wav`: 22.05 kHz, mono, 16 bits, without silence around,
as loud as the tones. `--check` writes nothing and prints length and level of what is there.
"""

import argparse
import subprocess
import tempfile
import wave
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station_app.languages import languages
from station_app.papers.paper_words import catalogue

PREFIX = "spoken."
RATE = 22050
WORDS_A_MINUTE = 135
PEAK = 0.8
"""Of full scale; the tones of the verdicts reach about as much."""
SILENT = 0.01
FOLDER = Path(str(resources.files("station_app") / "content" / "languages"))

Samples = NDArray[np.float64]


def synthesised(text: str, voice: str) -> Samples:
    """The sentence as eSpeak NG says it, -1 to 1."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "said.wav"
        command = ["espeak-ng", "-v", voice, "-s", str(WORDS_A_MINUTE), "-w", str(file), text]
        subprocess.run(command, check=True)
        return read(file)


def read(file: Path) -> Samples:
    """A WAV file's samples, -1 to 1. Raises `ValueError` for another form than the one written."""
    with wave.open(str(file)) as sound:
        if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) != (1, 2, RATE):
            raise ValueError(f"{file} is not mono of 16 bits at {RATE} Hz")
        data = sound.readframes(sound.getnframes())
    return np.frombuffer(data, "<i2").astype(np.float64) / 32768


def trimmed(samples: Samples) -> Samples:
    """Without the silence around, at the wanted level."""
    heard = np.flatnonzero(np.abs(samples) > SILENT)
    kept = samples[max(0, heard[0] - RATE // 50) : heard[-1] + RATE // 10]
    return kept * (PEAK / float(np.abs(kept).max()))


def write(file: Path, samples: Samples) -> None:
    """Write the samples as a WAV file."""
    file.parent.mkdir(exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


def main() -> None:
    """The program: see the module."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="print what is there, write nothing")
    only_check = parser.parse_args().check
    for language in languages():
        for key, text in catalogue(language.code, "display").items():
            if not key.startswith(PREFIX):
                continue
            file = FOLDER / language.code / "spoken" / f"{key.removeprefix(PREFIX)}.wav"
            if not only_check:
                write(file, trimmed(synthesised(text, language.code)))
            said = read(file)
            level = 20 * np.log10(np.sqrt(np.mean(said**2)))
            peak = 20 * np.log10(np.abs(said).max())
            name = f"{language.code}/{file.name}"
            seconds = len(said) / RATE
            print(f"{name:28} {seconds:5.2f} s  peak {peak:6.1f} dBFS  mean {level:6.1f} dBFS")


if __name__ == "__main__":
    main()
