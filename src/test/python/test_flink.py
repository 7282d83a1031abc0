"""Beam's Python SDK runs the samples on a Flink session cluster, without Docker.

The cluster is that of templates/flink: a JobManager and two TaskManagers. Beside them run the Java
workers, started from the jar for Beam YAML and Python, and Beam's job server.
"""

import os
import socket
import subprocess
import time

import pytest
from conftest import REPOSITORY, python

CLUSTER = REPOSITORY / "templates" / "flink" / "session-cluster.sh"


def free_port():
    with socket.socket() as s:
        s.bind(("localhost", 0))
        return s.getsockname()[1]


def wait_for(port, process, log):
    for _ in range(240):
        with socket.socket() as s:
            if s.connect_ex(("localhost", port)) == 0:
                return
        assert process.poll() is None, log.read_text()[-3000:]
        time.sleep(0.25)
    pytest.fail(f"nothing listens on port {port} after 60 seconds: {log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def job_server_class_path(tmp_path_factory):
    file = tmp_path_factory.mktemp("job-server") / "class-path"
    pom = REPOSITORY / "src" / "test" / "python" / "job-server.xml"
    command = ["mvn", "-B", "-q", "-f", str(pom), "dependency:build-classpath"]
    done = subprocess.run(
        [*command, f"-Dmdep.outputFile={file}"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("Maven cannot resolve Beam's job server: " + done.stdout[-500:])
    return file.read_text()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """The working directory of pipelines and of the Java workers, which resolve relative paths."""
    return tmp_path_factory.mktemp("pipelines")


@pytest.fixture(scope="module")
def options(java, job_server_class_path, directory, tmp_path_factory):
    """The options that run a pipeline on the cluster, and the environment that they need."""
    if not (REPOSITORY / "target" / "flink-home" / "lib").is_dir():
        pytest.skip("target/flink-home does not exist: run mvn package -DskipTests")
    state = tmp_path_factory.mktemp("flink")
    rest, rpc, workers, jobs, artifacts = (free_port() for _ in range(5))
    environment = {**os.environ, "STATE": str(state)}
    started = []

    def start(name, port, arguments):
        log = state / f"{name}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                ["java", "-Xmx1g", *arguments],
                env={**environment, **java},
                cwd=directory,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        wait_for(port, process, log)

    try:
        settings = [f"rest.port={rest}", f"jobmanager.rpc.port={rpc}"]
        subprocess.run(
            [CLUSTER, "start", "2", *(word for s in settings for word in ("-D", s))],
            env=environment,
            check=True,
        )
        start(
            "workers",
            workers,
            ["-jar", java["TARDIFF_BEAM_JAR"], "workers", f"localhost:{workers}"],
        )
        start(
            "job-server",
            jobs,
            [
                *["-cp", job_server_class_path, "org.apache.beam.runners.flink.FlinkJobServerDriver"],
                *[f"--flink-master=localhost:{rest}", f"--job-port={jobs}"],
                *[f"--artifact-port={artifacts}", f"--artifacts-dir={state / 'staged'}"],
                "--expansion-port=-1",
            ],
        )
        yield (
            [
                *["--runner=PortableRunner", f"--job_endpoint=localhost:{jobs}"],
                "--environment_type=LOOPBACK",
            ],
            {**java, "TARDIFF_BEAM_WORKERS": f"localhost:{workers}"},
        )
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=60)
        subprocess.run([CLUSTER, "stop"], env=environment, check=False)


def files(directory):
    """Returns the bytes of all files but those that hold the time that training took, by path."""
    timed = {"timings.json"}
    timed |= {f"{part}{end}.json" for part in ["denoiser", "classifier"] for end in ["", ".manifest"]}
    return {
        str(file.relative_to(directory)): file.read_bytes()
        for step in ["cohort", "model", "synthetic"]
        for file in sorted(directory.glob(f"{step}/**/*"))
        if file.is_file() and file.name not in timed
    }


def test_python_pipeline_writes_the_bytes_that_the_default_runner_writes(
    options, python_pipeline, directory
):
    beam_options, environment = options
    sample = REPOSITORY / "samples" / "python" / "tardiff_pipeline.py"
    printed = python(sample, "--output=python", *beam_options, cwd=directory, env=environment)
    assert "TSTR: AUROC" in printed
    expected = files(python_pipeline[0] / "out")
    assert len(expected) > 50
    written = files(directory / "python")
    assert list(written) == list(expected)
    assert [name for name in written if written[name] != expected[name]] == []


def test_yaml_pipeline(options, directory):
    beam_options, environment = options
    file = REPOSITORY / "samples" / "yaml" / "ingest.yaml"
    python(
        *["-m", "apache_beam.yaml.main", f"--yaml_pipeline_file={file}", *beam_options],
        cwd=directory,
        env=environment,
    )
    assert (directory / "out" / "cohort" / "export" / "train.parquet").exists()
