"""Beam's Python SDK runs every sample for Beam YAML and Python.

Docker is not needed, because the Java transforms run in the process that expands them. The working
directory is outside the repository.
"""

import json
import subprocess
import sys

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
import tardiff_beam as tardiff
import yaml
from conftest import REPOSITORY, python

SAMPLES = REPOSITORY / "samples"
NOISE = ["Traceback", "BeamSchema_", "ManagedChannel", "NoClassDefFoundError"]


@pytest.fixture(scope="module", autouse=True)
def environment(java):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in java.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("samples")


def run_yaml(file, directory):
    printed = python(
        *["-m", "apache_beam.yaml.main", f"--yaml_pipeline_file={file}"], cwd=directory
    )
    assert not [word for word in NOISE if word in printed], printed[-3000:]


def rows(directory, name):
    (file,) = directory.glob(f"out/{name}-*")
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_every_sample_is_covered():
    assert {file.stem for file in SAMPLES.glob("yaml/*")} == {
        *["ingest", "train", "generate", "evaluate", "etl"]
    }
    assert {file.stem for file in SAMPLES.glob("python/*.py")} == {
        *["tardiff_pipeline", "make_tables", "read_parquet", "scikit_learn"]
    }


def test_yaml_steps(directory):
    run_yaml(SAMPLES / "yaml" / "ingest.yaml", directory)
    assert (directory / "out" / "cohort" / "export" / "train.parquet").exists()
    run_yaml(SAMPLES / "yaml" / "train.yaml", directory)
    assert rows(directory, "model-row")[0]["model"] == "out/model"
    run_yaml(SAMPLES / "yaml" / "generate.yaml", directory)
    (windows,) = directory.glob("out/windows.parquet*")
    table = pq.read_table(windows)
    sets = {"none", "none-herding", "mean_shift-0.01", "mean_shift-0.01-herding"}
    assert set(table["name"].to_pylist()) == sets
    assert table.num_rows == 120 * len(sets)
    run_yaml(SAMPLES / "yaml" / "evaluate.yaml", directory)
    assert {row["protocol"] for row in rows(directory, "utility")} == {"TRTR", "TSTR", "TSRTR"}
    (chosen,) = rows(directory, "chosen")
    assert (directory / chosen["directory"]).is_dir()


def test_yaml_with_csv_tables(directory):
    python(SAMPLES / "python" / "make_tables.py", "data", cwd=directory)
    run_yaml(SAMPLES / "yaml" / "etl.yaml", directory)
    (steps,) = directory.glob("out/etl/synthetic.parquet*")
    assert pq.read_schema(steps).names == ["name", "sample_id", "label", "step", "HR", "SBP", "RR"]


def test_python_pipeline(python_pipeline):
    directory, printed = python_pipeline
    assert not [word for word in NOISE if word in printed], printed[-3000:]
    assert "TRTR" in printed and "AUROC" in printed
    assert next(directory.glob("out/steps*")).read_text().startswith("{'name': ")


@pytest.mark.parametrize("sample", ["read_parquet", "scikit_learn"])
def test_samples_without_beam(sample, run, tmp_path):
    printed = python(SAMPLES / "python" / f"{sample}.py", run.directory, cwd=tmp_path)
    assert ("200 samples of 48 steps" if sample == "read_parquet" else "AUROC 0.") in printed


def test_invalid_value_gives_a_one_line_error():
    with pytest.raises(ValueError) as raised:
        with beam.Pipeline() as pipeline:
            pipeline | tardiff.ReadSimulated(stays=-1)
    assert str(raised.value) == "read_simulated: stays must be at least 1, was -1"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"stay": 10}, "ReadSimulated.__init__() got an unexpected argument 'stay'"),
        ({"stays": "ten"}, "stays must be of type int, was 'ten'"),
    ],
)
def test_error_names_the_invalid_field_in_yaml(wrong, message, tmp_path):
    pipeline = yaml.safe_load((SAMPLES / "yaml" / "ingest.yaml").read_text())
    pipeline["pipeline"]["transforms"][0]["config"] = wrong
    file = tmp_path / "wrong.yaml"
    file.write_text(yaml.safe_dump(pipeline))
    command = [sys.executable, "-m", "apache_beam.yaml.main", f"--yaml_pipeline_file={file}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert message in done.stderr.splitlines()[-1]


def test_jar_works_as_a_yaml_provider_without_the_package(expansion_jar, tmp_path):
    """The jar is given by its path, a transform by its identifier."""
    fields = {name: name for name in ["subject_id", "code", "numeric_value"]}
    pipeline = {
        "pipeline": {
            "type": "chain",
            "transforms": [
                {"type": "ReadStays", "config": {"stays": 5}},
                # Beam cannot write its timestamps to Parquet.
                {"type": "MapToFields", "config": {"language": "python", "fields": fields}},
                {"type": "WriteToParquet", "config": {"path": str(tmp_path / "events")}},
            ],
        },
        "providers": [
            {
                "type": "javaJar",
                "config": {"jar": str(expansion_jar)},
                "transforms": {"ReadStays": tardiff.ReadSimulated.IDENTIFIER},
            }
        ],
    }
    file = tmp_path / "jar.yaml"
    file.write_text(yaml.safe_dump(pipeline))
    run_yaml(file, tmp_path)
    (events,) = tmp_path.glob("events*")
    assert set(pq.read_schema(events).names) == set(fields)
