"""Verdicts are said in the voters' languages, after the tone, without a name."""

import wave
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from station_app.languages import language_codes, language_of
from station_app.papers.paper_words import catalogue
from station_app.ui.public.public_view import PublicView, Scene, ShownVoter
from station_app.ui.public.spoken_verdicts import AFTER_TONE_MS, SpokenVerdicts
from station_app.ui.sounds import Sound, SoundPlayer
from tests.ui.test_operator_words import placeholders, strings_in_source

CONTENT = Path(str(resources.files("station_app") / "content"))
VOTER = ShownVoter("Toktonalieva", "Aizharkyn", 612, b"")


class HeardSpeech(SoundPlayer):
    """Remembers what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def say(self, files: Sequence[Traversable]) -> None:
        self.said += ["/".join(Path(str(one)).parts[-3::2]) for one in files]

    def hush(self) -> None:
        self.said.append("")


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    parent.deleteLater()


@pytest.mark.parametrize(
    ("view", "has_slips", "said"),
    [
        (VOTER, True, ["ky/identified.wav", "ru/identified.wav"]),
        (VOTER, False, ["ky/identified_no_slip.wav", "ru/identified_no_slip.wav"]),
        (Scene.WAIT, True, ["ky/wait.wav", "ru/wait.wav"]),
        (Scene.IDLE, True, []),
        (Scene.CALL, True, []),
    ],
)
def test_a_verdict_is_said_after_its_tone(
    parent: QObject, qtbot: QtBot, view: PublicView, has_slips: bool, said: list[str]
) -> None:
    player = HeardSpeech()
    voice = SpokenVerdicts(player, ("ky", "ru", "en"), has_slips=has_slips, parent=parent)
    voice.show_view(view)
    assert player.said == [""], "what was being said ends, and nothing is said over the tone"
    assert voice._after_tone.isActive() is bool(said)
    voice._after_tone.setInterval(1)
    if said:
        qtbot.waitUntil(lambda: len(player.said) > 1)
    assert player.said[1:] == said


class Effect(QObject):
    """A file that plays until it is told that it has ended; not every machine has a loudspeaker."""

    def __init__(self, source: Traversable) -> None:
        super().__init__()
        self.source, self.plays = source, 0
        self._is_playing = False

    def play(self) -> None:
        self.plays += 1
        self._is_playing = True

    def stop(self) -> None:
        self._is_playing = False

    def isPlaying(self) -> bool:  # noqa: N802  # as Qt names it
        return self._is_playing


def test_one_sentence_follows_the_other_and_silence_ends_them(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    player, made = SoundPlayer(), dict[Traversable, Effect]()
    monkeypatch.setattr(player, "_can_play", lambda: True)
    monkeypatch.setattr(player, "_effect", lambda one: made.setdefault(one, Effect(one)))
    files = [language_of(one).spoken("wait") for one in ("ky", "ru")]

    def plays() -> list[int]:
        return [made[one].plays if one in made else 0 for one in files]

    player.say(files)
    assert plays() == [1, 0]
    player._follow(made[files[0]])
    assert plays() == [1, 0], "it is still playing"
    made[files[0]].stop()
    player._follow(made[files[0]])
    assert plays() == [1, 1]
    player.say(files)
    assert plays() == [2, 1], "what was being said has ended"
    player.hush()
    player._follow(made[files[0]])
    assert (plays(), made[files[0]].isPlaying()) == ([2, 1], False)


def test_the_voice_waits_for_the_longest_tone() -> None:
    for sound in Sound:
        with wave.open(str(CONTENT / "sounds" / f"{sound.value}.wav")) as tone:
            assert 1000 * tone.getnframes() / tone.getframerate() < AFTER_TONE_MS


@pytest.mark.parametrize("language", language_codes())
def test_every_sentence_is_recorded_in_every_language(language: str) -> None:
    sentences = [key for key in catalogue(language, "display") if key.startswith("spoken.")]
    assert len(sentences) == 3
    for key in sentences:
        file = language_of(language).spoken(key.removeprefix("spoken."))
        assert file is not None, key
        with wave.open(str(file)) as sound:
            assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
            seconds = sound.getnframes() / sound.getframerate()
            loudest = max(abs(int.from_bytes(sound.readframes(1), "little", signed=True))
                          for _ in range(sound.getnframes()))  # fmt: skip
        assert 0.8 < seconds < 4.5
        assert 0.5 < loudest / 32768 < 0.9
    assert language_of(language).spoken("nothing") is None


@pytest.mark.parametrize("language", language_codes())
def test_the_displays_catalogue_is_whole(language: str) -> None:
    with (CONTENT / "languages" / language / "display.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []
    english, other = catalogue("en", "display"), catalogue(language, "display")
    assert other.keys() == english.keys()
    assert [key for key in other if placeholders(other[key]) != placeholders(english[key])] == []
    assert "{name}" not in " ".join(text for key, text in other.items() if "spoken" in key)
    assert "!" not in "".join(other.values())


def test_every_word_of_the_display_is_used() -> None:
    plain, patterns = strings_in_source()
    unused = [
        key
        for key in catalogue("en", "display")
        if not key.startswith("spoken.")
        and key not in plain
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []
