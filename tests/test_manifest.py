"""manifest.json: the same release gives the same text, and what comes from elsewhere is checked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import InvalidInput
from pipeline.manifest import Manifest, is_safe, is_version, parse_manifest, version_order
from tests.releases import packed


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return parse_manifest((packed(tmp_path_factory.mktemp("release")) / "manifest.json").read_bytes())


def complaints(text: str | bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        parse_manifest(text if isinstance(text, bytes) else text.encode())
    assert all(each.code == "release-manifest" and each.hint for each in refused.value.diagnostics)
    return "\n".join(each.message for each in refused.value.diagnostics)


def test_a_manifest_survives_the_disk(manifest: Manifest) -> None:
    assert parse_manifest(manifest.as_json().encode()) == manifest


def test_it_says_of_each_artifact_what_it_was_made_of(manifest: Manifest) -> None:
    leaflet = next(each for each in manifest.artifacts if each.path == "site/water/de/water.de.a4.pdf")
    said = (leaflet.document, leaflet.locale, leaflet.format, leaflet.edition, leaflet.pages, leaflet.coverage)
    assert said == ("water", "de", "a4", "screen", 2, 100)
    assert (leaflet.source_sha256, leaflet.catalog_sha256) == ("a" * 64, "b" * 64)
    assert manifest.toolchain == ("pango 1.50", "fonts abc")
    assert manifest.day == "2026-03-01"


def test_translators_are_named_only_where_they_ask_for_it(manifest: Manifest) -> None:
    assert {each.locale: each.credit for each in manifest.texts} == {"de": "Anna Blume", "en": "", "fr": ""}


def test_everything_is_sorted(manifest: Manifest) -> None:
    for paths in ([each.path for each in manifest.files], [each.path for each in manifest.artifacts]):
        assert paths == sorted(paths)
    assert [each.name for each in manifest.archives] == [
        f"bread-water-resolutions-1.0-{tag}.zip" for tag in ("de", "en", "fr")
    ]


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a/../b", "a//b", "a\\b", "c:x", "a/.", "..", "x\ny", "a\u202eb", "", "a /b"]
)
def test_no_path_leads_out(manifest: Manifest, path: str) -> None:
    assert not is_safe(path)
    values = json.loads(manifest.as_json())
    values["files"][0]["path"] = path
    assert "leads out of the release" in complaints(json.dumps(values))


def test_everything_wrong_is_said_at_once(manifest: Manifest) -> None:
    values = json.loads(manifest.as_json())
    values["texts"][0]["coverage"] = "all"
    values["title"] = 7
    del values["artifacts"][1]["sha256"]
    said = complaints(json.dumps(values))
    assert "texts[0].coverage must be a number" in said
    assert "title must be a text" in said
    assert "artifacts[1] lacks sha256" in said


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("version", "../1", "cannot name a release"),
        ("address", "javascript:alert(1)", "not a web address"),
        ("format", 99, "the manifest has the format 99"),
        ("format", True, "must be a number"),
        ("files", None, "must be a list"),
    ],
)
def test_values_that_cannot_be(manifest: Manifest, key: str, value: object, message: str) -> None:
    assert message in complaints(json.dumps(json.loads(manifest.as_json()) | {key: value}))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("locale", "../de", "is no language"),
        ("document", "a/b", "cannot be a document"),
        ("picture", "../../x.jpg", "is not beside the page"),
        ("changed", "yesterday", "is no day"),
        ("kept_from", "/", "cannot name a release"),
    ],
)
def test_texts_that_cannot_be(manifest: Manifest, field: str, value: str, message: str) -> None:
    values = json.loads(manifest.as_json())
    values["texts"][0][field] = value
    assert message in complaints(json.dumps(values))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"format": 1}', b'{"format": "1"}']
)
def test_what_is_no_manifest_is_refused_in_words(content: bytes) -> None:
    assert complaints(content)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["files", "path", "texts", "artifacts", "format"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_json_at_all_makes_it_fall(values: object) -> None:
    wrapped = {"format": 1, "files": values, "texts": values, "version": values}
    assert complaints(json.dumps(wrapped))


def test_versions_are_checked_and_have_an_order() -> None:
    assert all(map(is_version, ("1", "1.0", "2026-11-22", "v1.0-rc.1+build_2")))
    assert not any(map(is_version, ("", ".", "..", "-1", "a/b", "a b", "1.", "é", "x" * 65, "1\n", ".new-1")))
    assert sorted(["2026-11-22", "2026-2-1", "2026-11-3"], key=version_order) == ["2026-2-1", "2026-11-3", "2026-11-22"]
    assert sorted(["1.0", "1.0-rc1", "1.0.1", "1.0-2", "0.9"], key=version_order)[:2] == ["0.9", "1.0-rc1"]


@given(st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,9}", fullmatch=True), max_size=6))
def test_any_versions_can_be_sorted(versions: list[str]) -> None:
    ordered = sorted(versions, key=version_order)
    versions.reverse()
    assert sorted(versions, key=version_order) == ordered
