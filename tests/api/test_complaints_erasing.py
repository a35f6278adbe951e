"""The reporter's contact is erased when its case needs it no more, on the record; the case and the proofs stay."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend import config
from backend.base import store
from backend.base.actor import system
from backend.base.errors import Conflict
from backend.domains.complaints.service import erasing
from backend.domains.evidence import service as evidence
from backend.domains.evidence.service import appending
from scripts.audit import __main__ as audit
from scripts.audit.findings import Report
from scripts.audit.sources import Database
from tests.api.test_personal import Person
from tests.factories.complaints import filed, follow
from tests.factories.http import Api

API = "/api/v1"
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
ORDER = {"reason": "person_asked", "note": "申请单 2026-17"}


@pytest.fixture
def province(login: Callable[..., str], travel: Callable[[datetime], None]) -> str:
    travel(NOW)
    return login("province_officer", region="620000")


def closed(api: Api, login: Callable[..., str], receipt: str) -> str:
    """The id of this case, closed by the county."""
    officer = login("county_officer", region="620602")
    evidence.seal()
    case_id = next(one["id"] for one in api.get(f"{API}/complaints", as_=officer).json["items"])
    for action in ({"action": "accept"}, {"action": "close", "outcome": "unfounded", "text": "查无此事"}):
        answer = api.post(f"{API}/complaints/{case_id}/actions", action, as_=officer)
        assert answer.status_code == 200, answer.text
        evidence.seal()  # the clock stands still: only the seal tells which step was the later one
    assert follow(api, receipt).json["state"] == "closed"
    return str(case_id)


def erase(api: Api, case_id: str, token: str, **said: Any) -> Any:
    return api.post(f"{API}/complaints/{case_id}/contact/erasure", ORDER | said, as_=token)


def audited(settings: config.Settings) -> Report:
    evidence.seal()
    return audit.audit(Database(settings.mongodb_uri), keys=None, kept=(), progress=lambda _: None)


def stored(case_id: str) -> dict[str, Any]:
    return store.collection("complaints").find_one({"_id": case_id}) or {}


def test_a_province_officer_erases_it_on_the_record_and_the_audit_names_who_did(
    api: Api, login: Callable[..., str], province: str, settings: config.Settings
) -> None:
    receipt = filed(api, identity="hidden", contact="王女士 13800000000")
    case_id = closed(api, login, receipt)
    assert audited(settings).findings == []
    answer = erase(api, case_id, province)
    assert (answer.status_code, answer.json["has_contact"], answer.json["state"]) == (200, False, "closed")
    row = stored(case_id)
    assert "contact_sealed" not in row and row["contact_erased"]["reason"] == "person_asked"
    assert erase(api, case_id, province, reason="unlawful").status_code == 200, "once"
    assert stored(case_id)["contact_erased"] == row["contact_erased"]
    line = store.collection("audit_lines").find_one({"action": "complaint.erase"}) or {}
    assert (line["subjects"], line["actor_id"]) == ([case_id], row["contact_erased"]["by"])

    leaves = {leaf["kind"]: leaf for leaf in store.collection("evidence_leaves").find({"subject_id": case_id})}
    assert set(leaves) == {"complaint.filed", "complaint.remaining", "evidence.erasure"}
    assert "salt" not in leaves["complaint.filed"] and leaves["complaint.filed"]["position"] is not None
    report = audited(settings)
    assert report.findings == [] and report.counts["erased"] == report.counts["erasures"] == 1
    assert any(f"1 erased by {line['actor_id']}: person_asked" in note for note in report.notes)
    assert api.get(f"{API}/evidence/inclusion?position={leaves['complaint.filed']['position']}").status_code == 200
    assert follow(api, receipt).json["text"] == "昨天打药,今天就摘了卖。"
    county = login("county_officer", region="620602")
    assert api.get(f"{API}/complaints/{case_id}/contact", as_=county).json["reason"] == "contact_none"


def test_what_remains_is_bound_again_so_that_erasing_is_no_way_to_alter(
    api: Api, login: Callable[..., str], province: str, settings: config.Settings
) -> None:
    case_id = closed(api, login, filed(api, identity="hidden", contact="王女士"))
    assert erase(api, case_id, province).status_code == 200
    assert audited(settings).findings == []
    for change in ({"text": "一切都好"}, {"contact_erased.by": "别人"}, {"contact_erased.reason": "unlawful"}):
        store.collection("complaints").update_one({"_id": case_id}, {"$set": change})
        assert [(one.code, one.subject) for one in audited(settings).findings] == [
            ("altered", f"complaint.remaining {case_id}")
        ]
        before = {"text": "昨天打药,今天就摘了卖。"} if "text" in change else {}
        store.collection("complaints").update_one({"_id": case_id}, {"$set": before or {"state": "closed"}})


def test_an_open_case_keeps_it_and_others_may_not(api: Api, login: Callable[..., str], province: str) -> None:
    receipt = filed(api, identity="hidden", contact="王女士")
    (case,) = api.get(f"{API}/complaints", as_=province).json["items"]
    refused = erase(api, case["id"], province)
    assert (refused.status_code, refused.json["reason"]) == (422, "complaint_open")
    case_id = closed(api, login, receipt)
    for role, region in (("county_officer", "620602"), ("county_officer", "620102")):
        assert erase(api, case_id, login(role, region=region)).status_code in {403, 404}, role
    assert erase(api, case_id, province, note="").status_code == 422
    assert erase(api, case_id, province, reason="because").status_code == 422
    assert stored(case_id)["contact_sealed"]
    reopened = api.post(f"{API}/complaints/follow/reopening", {"receipt": receipt, "text": "再查一次"})
    assert reopened.status_code == 200, reopened.text
    with pytest.raises(Conflict):  # it was closed when the officer looked
        store.transaction(lambda: erasing.erase(system("test"), [stored(case_id)], reason="person_asked", note="x"))
    assert stored(case_id)["contact_sealed"]


def test_cases_that_are_over_are_found_again_by_the_page_and_say_what_became_of_the_contact(
    api: Api, login: Callable[..., str], province: str, travel: Callable[[datetime], None]
) -> None:
    cases = []
    for minute in (1, 2, 3):
        travel(NOW.replace(minute=minute))
        cases.append(closed(api, login, filed(api, identity="hidden", contact="王女士")))
    filed(api, identity="hidden", contact="赵先生")  # open: not among them
    first = api.get(f"{API}/complaints/ended?size=2", as_=province).json
    rest = api.get(f"{API}/complaints/ended?size=2&cursor={first['next_cursor']}", as_=province).json
    assert [one["id"] for one in first["items"] + rest["items"]] == cases[::-1]
    assert rest["next_cursor"] is None and "王女士" not in str(first)
    assert erase(api, cases[0], province).status_code == 200
    told = api.get(f"{API}/complaints/ended?region=620602", as_=province).json["items"]
    assert [(one["has_contact"], one["contact_erased_at"] is not None) for one in told] == [
        (True, False),
        (True, False),
        (False, True),
    ]
    elsewhere = login("county_officer", region="620102")
    assert api.get(f"{API}/complaints/ended", as_=elsewhere).json["items"] == []
    assert api.get(f"{API}/complaints/ended?region=620602", as_=elsewhere).status_code == 404


def test_an_anonymous_one_has_none_to_erase(api: Api, login: Callable[..., str], province: str) -> None:
    case_id = closed(api, login, filed(api))
    assert erase(api, case_id, province).json["reason"] == "contact_none"


def test_who_deletes_their_account_takes_the_contacts_of_closed_cases_along(
    api: Api, login: Callable[..., str], province: str, settings: config.Settings
) -> None:
    person = Person(api)
    done = closed(api, login, filed(api, as_=person.token, identity="hidden", contact="王女士"))
    receipt = filed(api, as_=person.token, identity="hidden", contact="王女士")
    assert person.leave().status_code == 200
    assert "contact_sealed" not in stored(done) and "account_id" not in stored(done)
    (open_one,) = store.collection("complaints").find({"open": True})
    assert open_one["contact_sealed"], "the county still has to reach them"
    assert follow(api, receipt).status_code == 200
    said = list(store.collection("evidence_leaves").find({"subject_id": done}))
    assert person.id not in repr(said) + repr(stored(done)), "nothing ties the case to the account"
    report = audited(settings)
    assert report.findings == [] and report.counts["erasures"] == 1


@pytest.mark.usefixtures("app")
def test_more_leaves_than_one_chunk_are_erased_and_only_of_the_kinds_that_were_named(
    monkeypatch: pytest.MonkeyPatch, settings: config.Settings
) -> None:
    monkeypatch.setattr(appending, "MOST", 10)
    said = [evidence.Leaf("lot.hold", f"P000000001.lot-{one:08}", "P000000001", {"reason": "x"}) for one in range(35)]
    other = [evidence.Leaf("lot.release", one.subject_id, "P000000001", {"reason": "y"}) for one in said[:5]]
    store.transaction(lambda: evidence.append([*said, *other]))
    subjects = [one.subject_id for one in said]

    def cut() -> int:
        return evidence.erase(system("test"), subjects, reason="person_asked", kinds=("lot.hold",))

    assert (store.transaction(cut), store.transaction(cut)) == (35, 0)
    leaves = store.collection("evidence_leaves")
    assert leaves.count_documents({"kind": "evidence.erasure", "salt": {"$exists": True}}) == 35
    assert leaves.count_documents({"kind": "lot.release", "salt": {"$exists": True}}) == 5
    found = {(one.code, one.subject.split()[0]) for one in audited(settings).findings}
    assert found == {("erasure_wrong", "lot.hold"), ("salt_missing", "lot.hold")}, "none of them may be erased"
