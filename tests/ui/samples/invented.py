"""Invented people and places, as each language writes them; English where one says nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invented:
    """What the samples say in one language beside the catalogues' words.

    `people` are an operator, a chair, a second operator, a member and a technician; `voter` is
    surname, given names and address, `whole_names` a man's and a woman's; `reasons` explain a
    difference of ballots and one of slips; `ballots` are titles of two.
    """

    people: tuple[str, str, str, str, str]
    member: str
    witness: str
    newcomer: str
    town_and_school: str
    school: str
    commission: str
    results: str
    reasons: tuple[str, str]
    voter: tuple[str, str, str]
    voters: tuple[str, ...]
    whole_names: tuple[str, str]
    ballots: tuple[str, str]


_CYRILLIC_PEOPLE = ("Н. Садырова", "Б. Осмонов", "А. Токтогулов", "Г. Асанова", "А. Рысалиев")
_CYRILLIC_VOTERS = (
    "Долгополова Е. С.",
    "Калматов У. Н.",
    "Айткулов Д. Ж.",
    "Бейшеналиев Т. А.",
    "Султанбеков М. Э.",
    "Жумагулова Н. К.",
    "Мамытова С. Р.",
)
_ENGLISH = Invented(
    people=("N. Sadyrova", "B. Osmonov", "A. Toktogulov", "G. Asanova", "A. Rysaliev"),
    member="G. Ismailova",
    witness="A. Bekova",
    newcomer="Aizharkyn Toktonalieva",
    town_and_school="School No. 12, Bishkek",
    school="School No. 12, Bishkek",
    commission="Central Election Commission",
    results="CEC results",
    reasons=("A spoiled ballot was replaced", "There was no paper after noon"),
    voter=("Toktonalieva", "Aizharkyn Myrzabekovna", "12 Baitik Baatyr St, apt 40"),
    voters=(
        "Dolgopolova E. S.",
        "Kalmatov U. N.",
        "Aitkulov D. J.",
        "Beishenaliev T. A.",
        "Sultanbekov M. E.",
        "Jumagulova N. K.",
        "Mamytova S. R.",
    ),
    whole_names=("Sultanbekov Maksat Erkinovich", "Jumagulova Nazgul Kanatovna"),
    ballots=("President of the Republic", "Deputies of the city council"),
)
_IN = {
    "en": _ENGLISH,
    "ky": Invented(
        people=_CYRILLIC_PEOPLE,
        member="Г. Исмаилова",
        witness="А. Бекова",
        newcomer="Айжаркын Токтоналиева",
        town_and_school="Бишкек ш., № 12 мектеп",
        school="Бишкек, № 12 мектеп",
        commission="Борбордук шайлоо комиссиясы",
        results="БШК, жыйынтыктар",
        reasons=("Бузулган бюллетендин ордуна башкасы берилди", "Түштөн кийин кагаз түгөндү"),
        voter=("Токтоналиева", "Айжаркын Мырзабековна", "Байтик Баатыр көч., 12, 40-батир"),
        voters=_CYRILLIC_VOTERS,
        whole_names=("Султанбеков Максат Эркинович", "Жумагулова Назгүл Канатовна"),
        ballots=("Республиканын Президенти", "Шаардык кеңештин депутаттары"),
    ),
    "ru": Invented(
        people=_CYRILLIC_PEOPLE,
        member="Г. Исмаилова",
        witness="А. Бекова",
        newcomer="Айжаркын Токтоналиева",
        town_and_school="Бишкек, школа № 12",
        school="Бишкек, школа № 12",
        commission="Центральная избирательная комиссия",
        results="ЦИК, результаты",
        reasons=("Вместо испорченного бюллетеня выдан другой", "После обеда закончилась бумага"),
        voter=("Токтоналиева", "Айжаркын Мырзабековна", "ул. Байтик Баатыра, 12, кв. 40"),
        voters=_CYRILLIC_VOTERS,
        whole_names=("Султанбеков Максат Эркинович", "Жумагулова Назгуль Канатовна"),
        ballots=("Президент Республики", "Депутаты городского кенеша"),
    ),
}


def invented(language: str) -> Invented:
    """The people and places in a language."""
    return _IN.get(language, _ENGLISH)
