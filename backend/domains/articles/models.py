"""Articles with their newest content and pictures, every version that was ever published, and the tokens that find
them."""

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from backend.base.documents import Document

MAX_SOURCES = 20
MAX_CROPS = 10
MAX_PICTURES = 12


class Article(Document):
    """One article. `content` is what its author works on, `published` what readers see (with `html`); a correction is
    a further version of `published`."""

    id = StringField(primary_key=True)
    slug = StringField(required=True)
    author_id = StringField(required=True)
    state = StringField(required=True, default="draft")
    content = DictField(required=True)
    published = DictField()
    published_version = IntField(required=True, default=0)
    note = StringField(max_length=300, default="")
    version = IntField(required=True, default=1)
    created_at = DateTimeField(required=True)

    meta = {"collection": "articles", "shard_key": ("id",), "indexes": [("state", "created_at")]}


class ArticleVersion(Document):
    """What was published once, by whom and after whose review. Never changed."""

    id = StringField(primary_key=True)
    article_id = StringField(required=True)
    number = IntField(required=True)
    content = DictField(required=True)
    author_id = StringField(required=True)
    reviewer_id = StringField(required=True)
    correction = StringField(max_length=300, default="")
    created_at = DateTimeField(required=True)

    meta = {"collection": "article_versions", "shard_key": ("id",), "indexes": [("article_id", "created_at")]}


class ArticlePicture(Document):
    """A picture its editors may place, by the name its client gave it. What a submission places is frozen into the
    content; `published` says that readers saw it."""

    id = StringField(primary_key=True)
    article_id = StringField(required=True)
    name = StringField(required=True)
    file_id = StringField(required=True)
    sha256 = StringField(required=True)
    width = IntField(required=True)
    height = IntField(required=True)
    alt = StringField(required=True, max_length=200)
    alt_en = StringField(max_length=300, default="")
    credit = StringField(required=True, max_length=100)
    published = BooleanField(required=True, default=False)
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "article_pictures",
        "shard_key": ("article_id",),
        "indexes": [("article_id", "created_at")],
    }


class TokenCount(Document):
    """In how many readings a token stands, so that a query looks for its rarest ones."""

    id = StringField(primary_key=True)
    count = IntField(required=True)

    meta = {"collection": "reading_tokens", "shard_key": ("id",), "indexes": []}


class Reading(Document):
    """A published article as it is found and read, by its slug. `marks` are equalities: all, kind, crop, tokens."""

    id = StringField(primary_key=True)
    article_id = StringField(required=True)
    kind = StringField(required=True)
    title = StringField(required=True)
    summary = StringField(required=True)
    html = StringField(required=True)
    content = DictField(required=True)
    marks = ListField(StringField(), max_length=2400)
    first_at = DateTimeField(required=True)
    created_at = DateTimeField(required=True)
    corrections = ListField(DictField(), max_length=50)

    meta = {"collection": "readings", "shard_key": ("id",), "indexes": [("marks", "created_at")]}
