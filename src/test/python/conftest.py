"""Fixtures: the output of a tiny run of the runnable jar, created once per session."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
VERSION = re.search(r"<version>(.*)</version>", (REPOSITORY / "pom.xml").read_text()).group(1)
SPLITS = ["train", "tuning", "held_out"]


def jar(classifier, command):
    path = REPOSITORY / "target" / f"tardiff-beam-{VERSION}-{classifier}.jar"
    if not path.exists():
        pytest.skip(f"{path} does not exist: build it with {command}")
    return path


@pytest.fixture(scope="session")
def expansion_jar():
    return jar("expansion-service", "mvn package -DskipTests -Pexpansion-service")


@pytest.fixture(scope="session")
def java(expansion_jar):
    """The environment in which programs find the Java transforms."""
    return {"TARDIFF_BEAM_JAR": str(expansion_jar), "TF_CPP_MIN_LOG_LEVEL": "2"}


@pytest.fixture(scope="session")
def python_pipeline(java, tmp_path_factory):
    """The directory and the console output of the sample that runs all steps in Python."""
    directory = tmp_path_factory.mktemp("python")
    sample = REPOSITORY / "samples" / "python" / "tardiff_pipeline.py"
    return directory, python(sample, "--output=out", cwd=directory, env=java)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """The output of a run on simulated stays, with every export."""
    given = os.environ.get("TARDIFF_TEST_RUN")
    if given:
        return Run(Path(given))
    output = tmp_path_factory.mktemp("run") / "out"
    command = [
        *["java", "-Xmx3g", "-jar", jar("direct", "mvn package -DskipTests"), "tardiff"],
        *["--source=simulated", "--stays=240", "--channels=HR,SBP,RR"],
        *["--denoiser=tiny", "--trainingSteps=100", "--classifier=cnn", "--classifierEpochs=2"],
        *["--selection=none", "--sampleLabels=balanced", "--count=200"],
        *["--evaluationModels=logistic", "--evaluationSeeds=2"],
        *["--export=csv,parquet,npy,meds", "--savedModel", f"--output={output}"],
    ]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return Run(output)


class Run:
    """Reads the files of a run as NumPy arrays."""

    def __init__(self, directory):
        self.directory = directory
        self.metrics = json.loads((directory / "metrics.json").read_text())
        self.cohort = json.loads((directory / "cohort" / "cohort.json").read_text())
        self.channels = [channel["name"] for channel in self.cohort["spec"]["channels"]]
        normaliser = self.cohort["normaliser"]
        assert normaliser["method"] == "z_score"
        self._shift = np.float32(normaliser["shift"])
        self._scale = np.float32(normaliser["scale"])

    def export(self, *path):
        return self.directory.joinpath(*path[:-1], "export", path[-1])

    def values(self, *path):
        """Returns values ``[windows, steps, channels]`` in clinical units, and labels."""
        *where, name = path
        return (
            np.load(self.export(*where, f"{name}-values.npy")),
            np.load(self.export(*where, f"{name}-labels.npy")),
        )

    def _ids(self, split, column):
        table = pq.read_table(self.export("cohort", f"{split}.parquet"), columns=[column])
        return table[column].to_numpy(zero_copy_only=False)[:: self.cohort["spec"]["steps"]]

    def window_ids(self, split):
        """Returns the ids of a split's windows, in the order of its export."""
        return self._ids(split, "window_id")

    def subjects(self, split):
        """Returns the subject of each window of a split, in the order of `network_units`."""
        return self._ids(split, "subject_id")[np.argsort(self.window_ids(split))]

    def network_units(self, *path):
        """Like `values`, but in the order and units that networks and metrics use."""
        values, labels = self.values(*path)
        if path[0] == "cohort":
            order = np.argsort(self.window_ids(path[1]))
            values, labels = values[order], labels[order]
        return (values - self._shift) / self._scale, labels


def python(*arguments, cwd, env=None):
    """Runs a Python program, which must succeed, and returns its output."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    return done.stdout + done.stderr
