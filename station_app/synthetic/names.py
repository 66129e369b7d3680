"""Invented names and personal numbers, as a Kyrgyz voter register writes them.

The parts are common given names; who bears which is drawn by chance, so that a full name
met in real life is a coincidence. Endings by the rules of Russian-style registers. The numbers
have serials no real person has.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KYRGYZ_MEN = _words(
    """
    Азамат Айбек Акжол Алмаз Алтынбек Арсен Асан Аскар Бакай Бакыт Бектур Болот Бекзат Данияр
    Дастан Эмил Эрбол Эркин Эрлан Эрмек Жаныбек Жоомарт Женишбек Жыргал Замир Илияз Канат Кубан
    Кубаныч Кутман Кылыч Марат Мирлан Медер Нурбек Нурдин Нурлан Нурсултан Омурбек Өмүр
    Рамис Руслан Рустам Самат Сыймык Талант Таалай Темир Тилек Төлөгөн Туратбек Улан Урмат Үсөн
    Чыңгыз Шамил Шералы Эсен Эсентур Байэл Атай Адилет Абдылда Бекболот Тынчтык Максат
    """
)

KYRGYZ_WOMEN = _words(
    """
    Айгерим Айгүл Айжан Айжаркын Айзада Айпери Айнура Айсулуу Айчүрөк Акылай Алина Алтынай Анара
    Асель Аида Бегимай Бермет Бактыгүл Венера Гүлзат Гүлмира Гүлнара Гүлсана Динара Жазгүл Жамиля
    Жанара Жаңыл Жылдыз Зарина Зууракан Каныкей Кундуз Кызжибек Лира Мээрим Мээргүл Назгүл Назира
    Нурайым Нургүл Нурзат Перизат Роза Сайкал Салтанат Саадат Сезим Сымбат Таттыгүл Толгонай
    Тумар Уулкан Үмүт Чолпон Чынара Шайыргүл Ырыс Элнура Элиза Эльмира Эркеайым Бурул Бүбүсара
    """
)

KYRGYZ_FATHERS = _words(
    """
    Абдылда Абдыкадыр Айтбай Айтмамат Акмат Алмаз Алтымыш Асан Асаналы Асылбек Ашыр Бакай Бакыт
    Байболот Бейшен Бекбосун Болот Жапар Жаныбек Жекшен Жолдош Жумабай Жумагазы Жумалы Жумаш
    Жусуп Жээнбек Иса Исмаил Кадыр Калык Калыс Канат Касым Келдибек Кенеш Кожогелди Курман
    Кутманалы Кыдыр Мамыт Маматкул Мукаш Мурат Муса Мырзабек Назар Нуралы Нурлан Омурбек Осмон
    Орозбек Рыскул Сагын Садык Самат Сапар Сарыбай Султан Сыдык Таалай Талант Темирбек Токтогул
    Токтоналы Токтосун Толош Турдубай Турсун Тынай Узакбай Усен Чолпонбай Шаршен Шералы Ысман
    Эгемберди Эрмек Эсенгул
    """
)

RUSSIAN_MEN = _words(
    """
    Александр Алексей Анатолий Андрей Антон Борис Вадим Василий Виктор Виталий Владимир Денис
    Дмитрий Евгений Иван Игорь Константин Максим Михаил Николай Олег Павел Пётр Роман Сергей Юрий
    """
)

RUSSIAN_WOMEN = _words(
    """
    Александра Алла Анастасия Анна Валентина Вера Виктория Галина Дарья Екатерина Елена Ирина
    Ксения Лариса Людмила Марина Мария Надежда Наталья Нина Оксана Ольга Светлана Татьяна Юлия
    """
)

RUSSIAN_FATHERS = _words(
    """
    Александр Алексей Анатолий Андрей Борис Василий Виктор Владимир Геннадий Георгий Григорий
    Дмитрий Евгений Иван Игорь Константин Михаил Николай Олег Павел Пётр Семён Сергей Фёдор Юрий
    """
)

RUSSIAN_SURNAMES = _words(
    """
    Абрамов Алексеев Антонов Баранов Беляев Бондаренко Борисов Васильев Волков Воробьёв Гаврилов
    Голубев Григорьев Дмитриев Ермаков Жуков Зайцев Захаров Игнатьев Калинин Киселёв Ковальчук
    Колесников Комаров Королёв Кравченко Лебедев Марченко Медведев Мельников Назаров Никитин
    Орлов Островский Павлов Петренко Романов Савельев Соколов Сорокин Степанов Тарасов Ткачев
    Фролов Черкасский Шевченко Щербаков Юрьев Яковлев
    """
)

# Invented: none is known to be a street of the republic.
STREETS = (
    "Ай-Булак", "Ак-Жалбырак", "Алтын-Дан", "Беш-Булут", "Боз-Торгой", "Гүлбак", "Жаз-Деми",
    "Жети-Кадам", "Жылдыздуу", "Кара-Чыйырчык", "Көк-Карга", "Кумдуу-Жол", "Кызыл-Алмурут",
    "Мөңгү", "Сары-Жүзүм", "Таң-Нуру", "Тогуз-Терек", "Үч-Көпүрө", "Чабалекей", "Шаңдуу",
    "Берёзовый Ключ", "Каштановая Роща", "Тихие Сады", "Яблоневый Вал",
)  # fmt: skip


FEMALE, MALE = "f", "m"

_RUSSIAN_SHARE = 0.10
_UULU_SHARE = 0.18  # "Father уулу / кызы Given", of the Kyrgyz forms
_NO_PATRONYMIC_SHARE = 0.12  # of the Kyrgyz forms with a surname
_HUSHING = "жчшщц"
_VOWELS = "аеёиоөуүыэюя"
_IRREGULAR_STEMS = {"Пётр": "Петр", "Павел": "Павл"}
_ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
_ORDER = {letter: place for place, letter in enumerate(_ALPHABET, start=1)}


@dataclass(frozen=True, slots=True)
class RegisterName:
    """A name as a register splits it; `given_names` holds the patronymic, if any."""

    surname: str
    given_names: str


def draw_name(rng: np.random.Generator, sex: str) -> RegisterName:
    """One invented name for `sex` ("f" or "m")."""
    if rng.random() < _RUSSIAN_SHARE:
        given = _pick(rng, RUSSIAN_WOMEN if sex == FEMALE else RUSSIAN_MEN)
        surname = _pick(rng, RUSSIAN_SURNAMES)
        father = _pick(rng, RUSSIAN_FATHERS)
        return RegisterName(
            feminine(surname) if sex == FEMALE else surname, f"{given} {patronymic(father, sex)}"
        )
    given = _pick(rng, KYRGYZ_WOMEN if sex == FEMALE else KYRGYZ_MEN)
    father, ancestor = _pick(rng, KYRGYZ_FATHERS), _pick(rng, KYRGYZ_FATHERS)
    form = rng.random()
    if form < _UULU_SHARE:
        return RegisterName(f"{father} {'кызы' if sex == FEMALE else 'уулу'}", given)
    surname = family_name(ancestor)
    surname = feminine(surname) if sex == FEMALE else surname
    if form < _UULU_SHARE + _NO_PATRONYMIC_SHARE:
        return RegisterName(surname, given)
    return RegisterName(surname, f"{given} {patronymic(father, sex)}")


def family_name(ancestor: str) -> str:
    """The man's surname made of a forefather's name: Асан -> Асанов, Бакай -> Бакаев."""
    stem, soft = _stem(ancestor)
    return stem + ("ев" if soft else "ов")


def patronymic(father: str, sex: str) -> str:
    """-ович/-овна, or -евич/-евна after й, ь, vowels and ж ч ш щ ц."""
    stem, soft = _stem(father)
    ending = "вна" if sex == FEMALE else "вич"
    return stem + ("е" if soft else "о") + ending


def feminine(surname: str) -> str:
    """The woman's form of a man's surname: -ов, -ев, -ин take -а, -ский -ская, others none."""
    if surname.endswith(("ов", "ев", "ин", "ын")):
        return surname + "а"
    if surname.endswith("ий"):
        return surname[:-2] + "ая"
    return surname


def collation_key(text: str) -> tuple[int, ...]:
    """Sort key in the order of the Kyrgyz alphabet, case ignored; other signs come first."""
    return tuple(_ORDER.get(letter, 0) for letter in text.lower())


def _stem(name: str) -> tuple[str, bool]:
    """What an ending is added to, and whether it is the soft one (е) or the hard one (о)."""
    if name in _IRREGULAR_STEMS:
        return _IRREGULAR_STEMS[name], False
    if name.endswith("ий"):
        cluster = not set(name[-4:-2].lower()) & set(_VOWELS)
        return name[:-2] + ("и" if cluster else "ь"), True
    if name.endswith(("й", "ь")):
        return name[:-1], True
    if name.endswith("ы"):
        return name[:-1] + "и", True
    return name, name[-1] in _VOWELS or name[-1] in _HUSHING


def _pick(rng: np.random.Generator, parts: tuple[str, ...]) -> str:
    return parts[int(rng.integers(len(parts)))]


_SERIALS = 10_000


def draw_pin(rng: np.random.Generator, sex: str, born: date, taken: set[str]) -> str:
    """Fourteen digits: 1 (woman) or 2 (man), DDMMYYYY, and an invented serial 9xxxx.

    The new number is added to `taken`. Raises `ValueError` when all ten thousand serials of
    the day and sex are taken. No check digit is documented, so none is made.
    """
    head = ("1" if sex == FEMALE else "2") + born.strftime("%d%m%Y") + "9"
    first = int(rng.integers(_SERIALS))
    for step in range(_SERIALS):
        pin = f"{head}{(first + step) % _SERIALS:04d}"
        if pin not in taken:
            taken.add(pin)
            return pin
    raise ValueError(f"no serial left for {born.isoformat()}")
