"""`report --match`: our segments against the gateway's own count and against its invoice; nothing is changed."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cli.running import TUESDAY, Ended, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

DECEMBER = "2026-12-08T09:00:00+01:00"
MATCH = "report --month 2026-11 --match invoice.csv"


@pytest.fixture
def polled(agenda: Program) -> Iterator[Program]:
    """In December, after three notifications of November went by a Spryng that counts them as we do."""
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, agenda, connections=1)
        agenda.does("dispatch")
        spryng.report("+31612345671", "Delivered")
        agenda.does("poll")
        yield agenda.at(DECEMBER)


def references(program: Program) -> list[str]:
    return [notification["reference"] for notification in program("notifications list --json").json]


def compared(program: Program, *rows: str, words: str = "--format json") -> Ended:
    """The match with an invoice of these rows; the database stays as it is."""
    (program.home / "invoice.csv").write_text("\n".join(["reference,segments,price", *rows, ""]), encoding="utf-8")
    before = program.database.read_bytes()
    ended = program(f"{MATCH} {words}")
    assert program.database.read_bytes() == before
    return ended


def test_where_nothing_differs_it_is_0_and_the_sums_are_shown(polled: Program) -> None:
    ended = compared(polled, *(f"{reference},1,0.075" for reference in references(polled)))
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {
        "period": "2026-11",
        "gateway": "spryng",
        "account": "",
        "compared": ["presence", "segments", "price"],
        "left_out": [],
        "usual_price": "0.075",
        "differences": [],
        "sums": {
            "ours": {"messages": 3, "segments": 3, "price": None},
            "gateway": {"messages": 3, "segments": 3, "price": None},
            "invoice": {"messages": 3, "segments": 3, "price": "0.225"},
        },
    }


def test_what_differs_is_told_by_message_and_the_exit_code_is_3(polled: Program) -> None:
    first, second, _ = references(polled)
    ended = compared(polled, f"{first},2,0.15", "+31612345699,1,", f"{second},1,0.075", f"{second},1,0.075")
    assert ended.code == 3
    assert ended.said == ["4 differences between our notifications of 2026-11 and the invoice of spryng."]
    differences = [
        (
            difference["difference"],
            difference["notification"],
            difference["line"],
            difference["ours"],
            difference["gateway"],
            difference["invoice"],
        )
        for difference in ended.json["differences"]
    ]
    assert differences == [
        ("counted", 1, 2, 1, 1, 2),
        ("twice", 2, 5, 1, 1, 1),
        ("only-ours", 3, None, 1, 1, None),
        ("only-invoice", None, 3, None, None, 1),
    ]


def test_a_person_and_a_spreadsheet_read_the_same(polled: Program) -> None:
    first, second, third = references(polled)
    rows = [f"{first},1,", f"{second},2,", f"{third},1,"]
    assert compared(polled, *rows, words="").lines == [
        f"counted\t2\t{second}\tsent\t3\t1\t1\t2\t",
        "ours\t3\t3\t",
        "gateway\t3\t3\t",
        "invoice\t3\t4\t",
    ]
    assert compared(polled, *rows, words="--format csv").lines == [
        "difference,notification,reference,status,line,ours,gateway,invoice,price",
        f"counted,2,{second},sent,3,1,1,2,",
    ]
    assert compared(polled, *rows, words="--format csv-nl").out == (
        "\ufeffverschil;bericht;referentie;status;regel;van_ons;gateway;factuur;prijs\r\n"
        f"counted;2;{second};sent;3;1;1;2;\r\n"
    )


def test_a_message_of_another_month_is_told_as_ours(polled: Program) -> None:
    (polled.home / "invoice.csv").write_text(f"reference,segments\n{references(polled)[0]},1\n", encoding="utf-8")
    ended = polled("report --month 2026-12 --match invoice.csv --format json")
    assert [(difference["difference"], difference["notification"]) for difference in ended.json["differences"]] == [
        ("not-expected", 1)
    ]
    assert ended.json["sums"]["ours"]["messages"] == 0


def test_the_columns_have_the_names_that_the_invoice_gives_them(polled: Program) -> None:
    rows = "\n".join(f'{number};"{reference}";1' for number, reference in enumerate(references(polled)))
    (polled.home / "invoice.csv").write_text(f"Nr;Kenmerk;Delen, aantal\n{rows}\n", encoding="utf-8")
    words = [
        "--map 'reference=Kenmerk, segments=Delen, aantal'",
        "--map reference=kenmerk --map 'segments=Delen, aantal'",
    ]
    assert [polled(f"{MATCH} {word}").code for word in words] == [0, 0]


def test_a_row_a_part_without_segments_and_an_unusual_price_are_told_for_what_they_are(polled: Program) -> None:
    first, second, third = references(polled)
    rows = [f"{first};uit;€ 0,075", f"{second};uit;€ 0,075", f"{third};uit;€ 0,75", "n1;in;€ 0", ";;€ 0,90"]
    text = "\n".join(["Factuur november", "Kenmerk;Richting;Kosten", *rows, ""])
    (polled.home / "invoice.csv").write_text(text, encoding="utf-8")
    words = "--map reference=Kenmerk,price=Kosten --where Richting=UIT --format json"
    ended = polled(f"{MATCH} {words}")
    assert (ended.code, ended.json["compared"], ended.json["left_out"]) == (3, ["presence", "price"], [7])
    assert [
        (difference["difference"], difference["line"], difference["price"]) for difference in ended.json["differences"]
    ] == [("priced", 5, "0.75")]
    assert ended.json["sums"]["invoice"] == {"messages": 3, "segments": None, "price": "0.900"}
    assert ended.said == [
        "The invoice has no column for segments (--map segments=COLUMN): only presence and price can be compared.",
        "Left out as titles or totals, for they have no id: 1 rows (lines 7).",
        "1 differences between our notifications of 2026-11 and the invoice of spryng.",
    ]


def test_an_invoice_of_a_gateway_that_was_in_use_then(polled: Program) -> None:
    rows = [f"{reference},1,0.075" for reference in references(polled)]
    polled.configure('[gateway]\nname = "sandbox"\n')
    ended = compared(polled, *rows)
    assert (ended.code, ended.said[0]) == (
        3,
        "Nothing of 2026-11 went by sandbox, but 3 by spryng: say --gateway NAME if it is that one's invoice.",
    )
    assert compared(polled, *rows, words="--gateway spryng --format json").code == 0


@pytest.mark.parametrize(
    ("total", "code", "differ"),
    [
        ("segments=3", 0, []),
        ("messages=3,segments=3,price=€ 0.23", 0, []),
        ("messages=4,segments=3", 3, ["messages"]),
        ("segments=5", 3, ["segments"]),
    ],
)
def test_an_invoice_of_sums_alone_is_compared_by_its_sums(
    polled: Program, total: str, code: int, differ: list[str]
) -> None:
    ended = polled(f"report --month 2026-11 --match-total '{total}' --format json")
    assert (ended.code, ended.json["differences"]) == (code, differ)
    assert ended.json["sums"]["ours"] == {"messages": 3, "segments": 3, "price": None}
    assert polled(f"report --month 2026-11 --match-total '{total}'").lines[0] == "ours\t3\t3\t"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (f"{MATCH} --practice linde", "leave out --practice, --close and --output"),
        (f"{MATCH} --close", "leave out --practice, --close and --output"),
        (f"{MATCH} --output x", "leave out --practice, --close and --output"),
        (f"{MATCH} --map Delen", '--map "Delen": write FIELD=COLUMN'),
        (f"{MATCH} --map phone=x", 'an invoice has no field "phone" to map'),
        ("report --map segments=Delen", "--map and --where go with --match"),
        ("report --where Richting=uit", "--map and --where go with --match"),
        ("report --gateway cm", "--gateway goes with --match"),
        (f"{MATCH} --match-total segments=3", "say either --match or --match-total"),
        (f"{MATCH} --where Richting", '--where "Richting": write NAME=VALUE'),
        (f"{MATCH} --gateway spring", 'did you mean "spryng"?'),
        ("report --match-total parts=3", "write messages=1200,segments=1311,price=98.33"),
        ("report --match-total segments=x", "write messages=1200,segments=1311,price=98.33"),
    ],
)
def test_what_can_not_be_meant_is_a_usage_error(agenda: Program, words: str, message: str) -> None:
    (agenda.home / "invoice.csv").write_text("reference,segments\n", encoding="utf-8")
    ended = agenda(words)
    assert (ended.code, ended.out, message in ended.err) == (2, "", True)


def test_a_file_that_can_not_be_used_is_65(polled: Program) -> None:
    ended = compared(polled, "canary,+31612345671,")
    assert (ended.code, ended.out) == (65, "")
    assert polled("report --month 2026-11 --match nowhere.csv").code == 65
