"""A practice's name without the words of the trade, titles, legal forms and little words."""

import pytest

from smsreminders.domain.trade_words import own_words

OF_THE_TRADE = """
    tandarts tandheelkundig tandheelkundige tandheelkunde tandtechniek tandprotheticus tandprothetici
    mondhygienist hygienist hygiene orthodontie orthodontist implantologie endodontologie parodontologie huisarts
    dierenarts bedrijfsarts arts dokter medisch medische specialist chirurgie kaak fysio psycho ergo podo oefen
    manuele therapie therapeut cesar mensendieck logopedie logopedist podologie podoloog pedicure dietist dietiste
    dietetiek psycholoog psychologie psychologisch psychologische psycholog psychiatrie psychiater verloskundig
    verloskundige verloskunde apotheek apotheker osteopathie osteopaat chiropractie chiropractor acupunctuur
    haptonomie dermatologie huid gezondheid zorg ggz praktijk kliniek polikliniek centrum centra maatschap groep
    team associatie laboratorium instituut huisgroep postgroep mondgroep ooggroep wijkgroep jeugdgroep ziekengroep
    dierengroep tandartsen klinieken praktijks psychologen tandartspraktijk mondzorgcentrum
"""
LITTLE = """
    de het een den der des van von voor aan en and the of dr drs ir mr prof mw mevr mevrouw dhr heer msc bsc phd
    bv nv vof cv ua gmbh ltd stichting st vereniging cooperatie holding eenmanszaak b.v. n.v. v.o.f. c.v. u.a. B.V
    J.P.
"""


@pytest.mark.parametrize("word", [*OF_THE_TRADE.split(), *LITTLE.split()])
def test_a_word_of_the_trade_or_a_little_one_is_not_the_practices_own(word: str) -> None:
    assert own_words(f"{word} Linde {word.title()}") == ["Linde"]


@pytest.mark.parametrize("word", ["huis", "post", "mond", "oog", "wijk", "jeugd", "zieken", "dieren", "4", "Anna"])
def test_a_word_that_may_be_a_name_is_the_practices_own(word: str) -> None:
    assert own_words(f"Praktijk {word}") == [word]


def test_own_words_keep_their_order_and_an_owners_s() -> None:
    assert own_words("'t Hof van Anna's Hoeve") == ["Hof", "Annas", "Hoeve"]
