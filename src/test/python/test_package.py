"""Tests of the package `tardiff_beam` that need no Java."""

import inspect
import typing
from importlib.metadata import version

import apache_beam as beam
import pytest
import tardiff_beam as tardiff
from conftest import VERSION
from tardiff_beam import transforms


def test_version_matches_the_jar():
    assert version("tardiff-beam") == VERSION


@pytest.mark.parametrize("name", transforms.__all__)
def test_every_transform_is_documented_and_typed(name):
    transform = getattr(tardiff, name)
    assert issubclass(transform, beam.PTransform)
    hints = typing.get_type_hints(transform.__init__)
    parameters = inspect.signature(transform).parameters
    assert set(parameters) <= set(hints)
    for parameter in parameters:
        assert f"        {parameter}: " in transform.__doc__
    assert "beam:schematransform" not in transform.__doc__


def test_find_jar_returns_a_path_or_explains_what_to_do(tmp_path, monkeypatch):
    jar = tmp_path / "a.jar"
    monkeypatch.setenv("TARDIFF_BEAM_JAR", str(jar))
    with pytest.raises(FileNotFoundError, match="TARDIFF_BEAM_JAR is set to .*a.jar"):
        tardiff.find_jar()
    jar.touch()
    assert tardiff.find_jar() == str(jar)
    with pytest.raises(FileNotFoundError, match="the jar other.jar does not exist"):
        beam.Pipeline() | tardiff.ReadSimulated(expansion_service="other.jar")


def test_workers_are_given_by_host_and_port(tmp_path, monkeypatch):
    monkeypatch.setenv("TARDIFF_BEAM_WORKERS", "localhost")
    with pytest.raises(ValueError, match="must be host:port, was 'localhost'"):
        tardiff.find_workers()
    monkeypatch.setenv("TARDIFF_BEAM_WORKERS", "localhost:50000")
    assert tardiff.find_workers() == "localhost:50000"


def test_unknown_fields_and_wrong_types_are_rejected_on_construction():
    with pytest.raises(TypeError, match="unexpected keyword argument 'stay'"):
        tardiff.ReadSimulated(stay=10)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'output'"):
        tardiff.BuildCohort()
    for fields, message in [
        ({"channels": "HR"}, "channels must be a list, was 'HR'"),
        ({"channels": ["HR", 1]}, "channels must be of type str, was 1"),
        ({"split": [60, "20", 20]}, "split must be of type float, was '20'"),
        ({"steps": 1.5}, "steps must be of type int, was 1.5"),
        ({"steps": True}, "steps must be of type int, was True"),
        ({"stratified": 1}, "stratified must be of type bool, was 1"),
        ({"imputation": 3}, "imputation must be of type str, was 3"),
        ({"error_handling": "bad"}, "error_handling must be of type Mapping, was 'bad'"),
    ]:
        with pytest.raises(TypeError) as raised:
            tardiff.BuildCohort(output="out", **fields)
        assert str(raised.value) == message
    tardiff.BuildCohort(output="out", split=[60, 20.0, 20], error_handling={"output": "bad"})


def test_as_dict_converts_nested_rows():
    class Metric(typing.NamedTuple):
        mean: float
        values: list

    row = beam.Row(name="a", metric=Metric(0.5, [0.25, 0.75]), gain=None)
    assert tardiff.as_dict(row) == {
        "name": "a",
        "metric": {"mean": 0.5, "values": [0.25, 0.75]},
        "gain": None,
    }
