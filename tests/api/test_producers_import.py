"""A cooperative's list of farmers over HTTP: a report row by row, nothing half-done, no hostile file."""

import io
import zipfile

import openpyxl
import pytest

from backend.domains.producers import rules
from tests.factories.producers import (
    COOPERATIVE,
    RANCH,
    declaration,
    new_producer,
    person,
    product,
    registered,
    site,
)

PATH = "/api/v1/producers"


@pytest.fixture
def manager(login):
    return login()


@pytest.fixture
def cooperative(api, login, manager):
    """An admitted cooperative."""
    made = registered(api, manager, kind="cooperative", credit_code=COOPERATIVE, name="凉州示范合作社(演示)")["id"]
    site(api, manager, made)
    product(api, manager, made)
    submitted = declaration(api, manager, made)["id"]
    officer = login("county_officer", region="620602")
    assert (
        api.post(f"/api/v1/declarations/{submitted}/decision", {"verdict": "approve"}, as_=officer).status_code == 200
    )
    return made


def sheet(*rows, header=rules.COLUMNS):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.worksheets[0].append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def farmer(number, **changes):
    cells = {"name": f"农户{number}", "id": person(number), "phone": 13812345678, "place": "武南镇", "address": "三组"}
    return tuple((cells | changes).values())


def send(api, token, producer_id, content, **query):
    words = "&".join(f"{key}={str(value).lower()}" for key, value in query.items())
    answer = api.client.post(
        f"{PATH}/{producer_id}/imports?{words}",
        data={"file": (io.BytesIO(content), "list.xlsx")},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {token}"},
    )
    answer.request.environ["wsgi.input"].close()  # the test client spools a large upload to a file and leaves it open
    return answer


def managed(api, token, producer_id):
    return api.get(f"{PATH}?managed_by={producer_id}", as_=token).json["items"]


def outcomes(answer):
    return [(row["number"], row["outcome"]) for row in answer.json["rows"]]


def test_the_template_comes_back_filled(api, manager, cooperative):
    answer = api.get(f"{PATH}/import-template", as_=manager)
    assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    book.worksheets[0].append(list(farmer(1, place=None)))
    written = io.BytesIO()
    book.save(written)
    answer = send(api, manager, cooperative, written.getvalue(), commit=True)
    assert answer.json["counts"] == {"created": 1, "duplicate": 0, "rejected": 0}
    assert managed(api, manager, cooperative)[0]["region"] == "620602100"


def test_a_trial_says_what_would_happen_and_keeps_nothing(api, manager, cooperative):
    answer = send(api, manager, cooperative, sheet(farmer(1), farmer(2)))
    assert answer.status_code == 200
    assert (answer.json["committed"], outcomes(answer)) == (False, [(2, "created"), (3, "created")])
    assert managed(api, manager, cooperative) == []


def test_a_real_run_keeps_all_and_the_same_file_again_gives_duplicates(api, manager, cooperative):
    content = sheet(farmer(1), (None,) * 5, farmer(2, place="620602100201"))
    answer = send(api, manager, cooperative, content, commit=True)
    assert (answer.json["committed"], outcomes(answer)) == (True, [(2, "created"), (4, "created")])
    kept = managed(api, manager, cooperative)
    assert {row["id"] for row in kept} == {row["producer_id"] for row in answer.json["rows"]}
    assert {row["region"] for row in kept} == {"620602101", "620602100201"}
    again = send(api, manager, cooperative, content, commit=True)
    assert outcomes(again) == [(2, "duplicate"), (4, "duplicate")]
    assert [row["producer_id"] for row in again.json["rows"]] == [row["producer_id"] for row in answer.json["rows"]]
    assert len(managed(api, manager, cooperative)) == 2


def test_one_bad_row_keeps_everything_out_unless_it_may_be_skipped(api, manager, cooperative):
    content = sheet(farmer(1), farmer(2, phone="110"), farmer(1), farmer(3, id="=A1"))
    answer = send(api, manager, cooperative, content, commit=True)
    assert answer.json["committed"] is False
    assert [(row["outcome"], (row["problem"] or {}).get("reason")) for row in answer.json["rows"]] == [
        ("created", None),
        ("rejected", "phone_malformed"),
        ("duplicate", "import_repeated_row"),
        ("rejected", "import_formula"),
    ]
    assert "第 2 行" in answer.json["rows"][2]["problem"]["message"]
    assert managed(api, manager, cooperative) == []
    skipped = send(api, manager, cooperative, content, commit=True, skip_rejected=True)
    assert skipped.json["committed"] is True
    assert len(managed(api, manager, cooperative)) == 1


def test_who_is_registered_already_is_not_taken_over(api, login, manager, cooperative):
    registered(api, login(), person_id=person(7))
    answer = send(api, manager, cooperative, sheet(farmer(7)), commit=True)
    row = answer.json["rows"][0]
    assert (row["outcome"], row["problem"]["reason"], row["producer_id"]) == (
        "duplicate",
        "import_registered_elsewhere",
        None,
    )
    assert managed(api, manager, cooperative) == []


def test_the_manager_works_for_the_farmers_and_can_let_them_in(api, login, manager, cooperative):
    answer = send(api, manager, cooperative, sheet(farmer(1)), commit=True)
    one = answer.json["rows"][0]["producer_id"]
    assert site(api, manager, one)["id"] == f"{one}.site-0001"
    code = api.post(f"{PATH}/{one}/invitations", {}, as_=manager).json["code"]
    joined = api.post("/api/v1/auth/invitation", {"code": code, "name": "农户1"}).json["access_token"]
    assert [row["id"] for row in api.get(PATH, as_=joined).json["items"]] == [one]
    stranger = login()
    registered(api, stranger, kind="cooperative", credit_code=RANCH)
    assert api.get(f"{PATH}/{one}", as_=stranger).status_code == 404
    assert api.get(f"{PATH}?managed_by={cooperative}", as_=stranger).status_code == 404


def test_five_hundred_farmers_come_in_at_once(api, manager, cooperative):
    answer = send(api, manager, cooperative, sheet(*(farmer(number) for number in range(500))), commit=True)
    assert answer.json["counts"]["created"] == 500
    answer = send(api, manager, cooperative, sheet(*(farmer(number) for number in range(500)), farmer(501)))
    assert answer.json["reason"] == "import_too_many_rows"


def test_only_an_admitted_cooperative_imports(api, login):
    token = login()
    made = registered(api, token, kind="cooperative", credit_code=COOPERATIVE)["id"]
    assert send(api, token, made, sheet(farmer(1))).json["reason"] == "import_needs_admission"
    officer = login("county_officer", region="620602")
    api.post(f"{PATH}/{made}/suspension", {"reason": "查出禁用农药"}, as_=officer)
    assert send(api, token, made, sheet(farmer(1))).json["reason"] == "producer_suspended"
    assert send(api, officer, made, sheet(farmer(1))).status_code == 403
    smallholder = login("cooperative_manager", producer_id=registered(api, login())["id"])
    own = api.get(PATH, as_=smallholder).json["items"][0]["id"]
    assert send(api, smallholder, own, sheet(farmer(1))).json["reason"] == "import_only_cooperatives"
    assert send(api, smallholder, made, sheet(farmer(1))).status_code == 404


def archive(**entries):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return written.getvalue()


def with_entity():
    """A workbook whose sheet declares an XML entity."""
    source, written = zipfile.ZipFile(io.BytesIO(sheet(farmer(1)))), io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY e "boom">]><worksheet', 1)
            packed.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"name,id\n", (400, "import_unreadable")),
        (b"", (400, "import_unreadable")),
        (archive(a="b"), (400, "import_unreadable")),
        (with_entity(), (400, "import_unreadable")),
        (archive(bomb="0" * 20_000_000), (413, "import_too_large")),
        (archive(**{f"e{number}": "" for number in range(100)}), (413, "import_too_large")),
        (b"0" * (2 * 1024 * 1024 + 1), (413, "import_too_large")),
        (sheet(farmer(1), header=("a", "b")), (400, "import_wrong_header")),
        (sheet(), (400, "import_empty")),
        (sheet(*[(None,)] * 6000, farmer(1)), (400, "import_too_many_rows")),
        (sheet(header=()), (400, "import_wrong_header")),
    ],
    ids=["text", "empty", "zip", "entity", "bomb", "entries", "big", "header", "no-rows", "far-row", "blank"],
)
def test_a_file_that_is_no_list_of_farmers_is_refused(api, manager, cooperative, content, outcome):
    answer = send(api, manager, cooperative, content)
    assert (answer.status_code, answer.json["reason"]) == outcome


def test_a_request_without_a_file_is_refused(api, manager, cooperative):
    assert api.post(f"{PATH}/{cooperative}/imports", {}, as_=manager).status_code in (415, 422)


def test_a_farmer_of_a_cooperative_registers_at_most_once(api, login, manager, cooperative):
    send(api, manager, cooperative, sheet(farmer(1)), commit=True)
    answer = api.post(PATH, new_producer(person_id=person(1)), as_=login())
    assert answer.json["reason"] == "person_taken"
