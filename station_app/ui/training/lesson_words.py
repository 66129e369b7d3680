"""What lessons say on a screen: sentences, and the short words of the bar's buttons."""

from station_app.training.actions import ACTIONS, Action, LayFinger
from station_app.training.sentences import Sentence
from station_app.ui.operator.words import finger_short
from station_app.ui.texts import Texts


def said(texts: Texts, sentence: Sentence) -> str:
    """A sentence in the language of the screen: the trainer's words, or the catalogue's."""
    written = sentence.written(texts.language)
    if written:
        return written
    values = {
        name: said(texts, value) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    return texts(sentence.key, **values)


def offer_words(texts: Texts, action: Action) -> str:
    """What is on the bar's button for an action; a whole sentence where it has no short words."""
    name = ".".join(ACTIONS.name_of(action).split())
    if isinstance(action, LayFinger):
        finger = finger_short(texts, action.position)
        return texts(f"lesson.ui.offer.{name}.{action.manner}", finger=finger)
    key = f"lesson.ui.offer.{name}"
    return texts(key) if key in texts else said(texts, action.sentence())
