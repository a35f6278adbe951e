"""What the auditor finds, with the words a person reads, and the report over all of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

WORDS: Mapping[str, tuple[str, str]] = {
    "altered": ("记录被改动：内容与登记时不一致", "altered: it does not say what was registered"),
    "missing": (
        "记录缺失：登记过，库中没有，也没有登记删除",
        "missing: registered, not stored, and no erasure says why",
    ),
    "inserted": ("记录无登记：库中有，从未登记", "inserted: stored, but never registered"),
    "doubled": ("同一记录登记了两次", "registered twice"),
    "back_dated": (
        "日期倒填：自称的时间早于登记可能的时间",
        "dated back: it claims a time before it can have been registered",
    ),
    "post_dated": ("日期超前：时间晚于登记或封存", "dated ahead: later than it was registered or sealed"),
    "state_differs": ("现状与登记的结论不符", "the stored state is not the one that was registered last"),
    "lot_differs": (
        "批次的数量或来历与登记过的采收、流转、合格证对不上",
        "a lot's numbers, or what it came from, are not what harvests, moves and certificates come to",
    ),
    "origin_missing": (
        "来历缺失：没有登记过的文件能说明它从何而来",
        "nothing that was registered tells where it came from",
    ),
    "salt_missing": ("随机盐缺失，且没有登记删除", "its salt is gone and no erasure says why"),
    "erasure_wrong": (
        "登记的删除不成立：不许删除，或者没有删干净、没有重新登记其余内容",
        "an erasure that excuses nothing: of what may not be erased, or not done as it must be",
    ),
    "leaf_missing": ("存证叶子缺失", "a sealed leaf is missing"),
    "leaf_doubled": ("两片叶子占同一位置", "two leaves at one place"),
    "leaf_changed": ("存证叶子被改动", "a sealed leaf was changed"),
    "leaf_moved": ("存证叶子换了位置", "a sealed leaf was moved"),
    "leaf_unplaced": ("叶子的位置超出已封存的范围", "a leaf claims a place beyond what is sealed"),
    "tile_differs": ("树的存储块与叶子不符", "a stored tile does not fit the leaves"),
    "root_differs": ("检查点的树根与叶子算出的不符", "the leaves do not give the checkpoint's root"),
    "checkpoint_missing": ("检查点缺失", "a checkpoint is missing"),
    "checkpoint_changed": ("检查点被改动", "a checkpoint was changed"),
    "chain_broken": ("检查点与前一个不衔接", "a checkpoint does not continue the one before"),
    "signature_wrong": ("检查点签名无效", "no valid signature of the log"),
    "key_out_of_time": ("检查点的时间不在签名密钥的使用期内", "a checkpoint of a time at which its key did not sign"),
    "key_revoked": (
        "最新的检查点只有已吊销的密钥签名",
        "the newest checkpoint rests on a key that was revoked, and on no other",
    ),
    "cosignature_wrong": ("见证签名无效", "a witness's signature does not fit"),
    "bulletin_differs": (
        "公告中这一天与当天的检查点不符",
        "a day of the bulletin is not what its checkpoints come to",
    ),
    "timestamp_wrong": (
        "外部时间戳无效，或者盖的不是这个检查点",
        "a timestamp is not valid, or not of this checkpoint",
    ),
    "timestamp_time": (
        "外部时间戳的时间不可能：早于检查点，或晚于现在",
        "a timestamp of an impossible time: before its checkpoint, or after now",
    ),
    "timestamp_missing": ("外部时间戳缺失", "a timestamp is missing"),
    "log_differs": ("登记簿的最新状态与最后检查点不符", "the log's newest state is not its last checkpoint"),
    "rolled_back": ("登记簿被回退：比留存的检查点短", "rolled back: shorter than a kept checkpoint"),
    "history_changed": ("历史被改写：与留存的检查点不一致", "history rewritten: it does not contain a kept checkpoint"),
    "kept_unsigned": ("留存的检查点没有有效签名", "a kept checkpoint is not signed by the log"),
    "form_unknown": ("叶子的格式未知", "no form tells how to hash it"),
}


@dataclass(frozen=True)
class Finding:
    """`subject` names the document or the part of the register; `detail` says more, for people."""

    code: str
    subject: str
    detail: str = ""


@dataclass
class Report:
    """`counts` of what was looked at; `notes` are no accusations."""

    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    newest: str = ""

    def find(self, code: str, subject: str, detail: str = "") -> None:
        self.findings.append(Finding(code, subject, detail))

    def count(self, what: str, more: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + more

    def add(self, other: "Report") -> None:
        self.findings += other.findings
        self.notes += other.notes
        for what, number in other.counts.items():
            self.count(what, number)

    @property
    def good(self) -> bool:
        return not self.findings

    def as_json(self) -> str:
        told = {"good": self.good, "counts": self.counts, "notes": self.notes, "newest": self.newest}
        return json.dumps({**told, "findings": [asdict(one) for one in self.findings]}, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        lines = [f"{what}: {number}" for what, number in self.counts.items()]
        lines += [f"· {note}" for note in self.notes]
        for one in self.findings:
            zh, en = WORDS[one.code]
            lines.append(
                f"✗ [{one.code}] {one.subject}\n    {zh}\n    {en}" + (f"\n    {one.detail}" if one.detail else "")
            )
        verdict = "没有发现问题 · nothing found" if self.good else f"发现 {len(self.findings)} 处问题 · findings"
        return "\n".join([*lines, verdict])
