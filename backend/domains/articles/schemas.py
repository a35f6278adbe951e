"""Shapes of articles and their pictures: for those who write and review, and for readers."""

from marshmallow import validate

from backend.http.api import PageQuery, Schema, fields


class Source(Schema):
    name = fields.Text(required=True, min=1, max=200)
    url = fields.Text(max=300, load_default="", validate=validate.Regexp(r"(https?://\S+)?$"))


class ArticleChanges(Schema):
    kind = fields.Code("article_kinds")
    title = fields.Text(min=2, max=80)
    summary = fields.Text(min=2, max=200)
    body = fields.Text(
        min=20,
        max=20_000,
        metadata={"description": "Markdown; raw HTML is shown as text. A line `![caption](name)` places a picture"},
    )
    lead_picture = fields.Text(max=40, metadata={"description": "the name of one of the article's pictures"})
    crops = fields.List(fields.Code("crops"), max=10)
    sources = fields.List(fields.Nested(Source), max=20)
    claim = fields.Text(max=300, metadata={"description": "what the rumour says"})
    verdict = fields.Code("rumour_verdicts")
    evidence = fields.Text(max=1000)


class NewArticle(ArticleChanges):
    client_id = fields.ClientId(required=True)
    kind = fields.Code("article_kinds", required=True)
    title = fields.Text(required=True, min=2, max=80)
    summary = fields.Text(required=True, min=2, max=200)
    body = fields.Text(required=True, min=20, max=20_000)


class ArticleOut(Schema):
    id = fields.Text(max=80)
    slug = fields.Text()
    state = fields.Text()
    content = fields.Raw()
    published = fields.Raw()
    published_version = fields.Integer()
    note = fields.Text(max=300)
    version = fields.Integer()
    created_at = fields.Instant()


class PictureForm(Schema):
    client_id = fields.ClientId(required=True, metadata={"description": "the name by which the text places it"})
    alt = fields.Text(required=True, min=2, max=200, metadata={"description": "what it shows, for who cannot see it"})
    alt_en = fields.Text(max=300, load_default="")
    credit = fields.Text(required=True, min=2, max=100, metadata={"description": "who made it, and where it is from"})


class PictureFile(Schema):
    picture = fields.Upload(required=True)


class PictureOut(Schema):
    name = fields.Text(max=40)
    file_id = fields.Text()
    width = fields.Integer()
    height = fields.Integer()
    alt = fields.Text()
    alt_en = fields.Text(max=300)
    credit = fields.Text(max=100)
    published = fields.Boolean(metadata={"description": "readers saw it: it stays"})
    created_at = fields.Instant()


class PicturesOut(Schema):
    items = fields.List(fields.Nested(PictureOut), max=12)


class ArticlesQuery(PageQuery):
    state = fields.Code("article_states", load_default="submitted")


class Submission(Schema):
    correction = fields.Text(max=300, load_default="")


class Review(Schema):
    verdict = fields.Text(required=True, validate=validate.OneOf(["publish", "return"]))
    reason = fields.Text(max=300, load_default="")


class Withdrawal(Schema):
    reason = fields.Text(required=True, min=2, max=300)


class ReadingQuery(PageQuery):
    q = fields.Text(max=100, load_default="")
    kind = fields.Code("article_kinds", load_default=None)
    crop = fields.Code("crops", load_default=None)


class CorrectionOut(Schema):
    on = fields.Day()
    what = fields.Text(max=300)


class ShownPictureOut(Schema):
    """Paths on this server; the bytes behind one never change. `width` and `height` are those of `large`."""

    name = fields.Text(max=40)
    alt = fields.Text()
    alt_en = fields.Text(max=300)
    caption = fields.Text()
    credit = fields.Text(max=100)
    width = fields.Integer()
    height = fields.Integer()
    thumb = fields.Text(max=80)
    small = fields.Text(max=80)
    large = fields.Text(max=80)


class ReadingOut(Schema):
    slug = fields.Text()
    kind = fields.Text()
    title = fields.Text()
    summary = fields.Text()
    crops = fields.List(fields.Text())
    sources = fields.List(fields.Nested(Source))
    claim = fields.Text(max=300, allow_none=True)
    verdict = fields.Text(allow_none=True)
    evidence = fields.Text(max=1000, allow_none=True)
    lead = fields.Nested(ShownPictureOut, allow_none=True)
    first_at = fields.Instant()
    updated_at = fields.Instant()
    corrections = fields.List(fields.Nested(CorrectionOut))


class FullReadingOut(ReadingOut):
    html = fields.Text(max=100_000, metadata={"description": "a `figure` with `data-picture` stands for each picture"})
    pictures = fields.List(fields.Nested(ShownPictureOut), max=13)
