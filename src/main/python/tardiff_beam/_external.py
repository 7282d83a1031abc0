"""Wraps the Java transforms as Python transforms."""

import inspect
import json
import os
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, ClassVar, Optional, TypedDict, Union, get_args, get_origin
from urllib.parse import urlsplit
from urllib.request import url2pathname

import apache_beam as beam
from apache_beam.transforms.external import (
    JavaJarExpansionService,
    SchemaAwareExternalTransform,
)

JAR_VARIABLE = "TARDIFF_BEAM_JAR"
WORKERS_VARIABLE = "TARDIFF_BEAM_WORKERS"

Service = Union[str, os.PathLike[str], JavaJarExpansionService]


class ErrorHandling(TypedDict):
    """The name of the output for rows that cannot be read."""

    output: str


class Transform(beam.PTransform):
    """Base class of the transforms: an identifier and the fields of a configuration."""

    IDENTIFIER: ClassVar[str]

    def __init__(self, expansion_service: Optional[Service], **fields: Any) -> None:
        super().__init__()
        self._expansion_service = expansion_service
        self._fields = {k: v for k, v in fields.items() if v is not None}
        parameters = inspect.signature(type(self)).parameters
        for name, value in self._fields.items():
            _check(name, parameters[name].annotation, value)

    def expand(self, input_or_inputs: Any) -> Any:
        try:
            return input_or_inputs | SchemaAwareExternalTransform(
                self.IDENTIFIER,
                _service(self._expansion_service),
                rearrange_based_on_discovery=True,
                **self._fields,
            )
        except RuntimeError as e:
            # Beam raises the entire Java stack trace; keep the line that states the problem.
            reason = re.search(r"IllegalArgumentException: (.*)", str(e))
            if reason is None:
                raise
            raise ValueError(reason.group(1)) from None


def _check(name: str, annotation: Any, value: Any) -> None:
    """Raises a TypeError for a value that Beam would encode wrongly or fail to encode."""
    if get_origin(annotation) is Union:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Sequence:
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError(f"{name} must be a list, was {value!r}")
        for item in value:
            _check(name, get_args(annotation)[0], item)
        return
    kinds: dict[Any, tuple[type, ...]] = {
        bool: (bool,),
        int: (int,),
        float: (int, float),
        ErrorHandling: (Mapping,),
    }
    kind = kinds.get(annotation, (str,))
    if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kind):
        raise TypeError(f"{name} must be of type {kind[-1].__name__}, was {value!r}")


class _Jar(JavaJarExpansionService):
    """An expansion service that equals others of the same jar.

    Beam caches the transforms of a service, so equal services discover them only once. Each
    transform needs its own instance, because a service decides only once whether it runs in
    ``with beam.Pipeline()``, where it also starts a worker.
    """

    def __init__(self, jar: str) -> None:
        workers = find_workers()
        self._key = (jar, workers)
        environment = [
            "--defaultEnvironmentType=EXTERNAL",
            f"--defaultEnvironmentConfig={workers}",
        ]
        super().__init__(jar, append_args=environment if workers else None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Jar) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)


def _service(given: Optional[Service]) -> Any:
    if given is None:
        return _Jar(find_jar())
    if isinstance(given, (str, os.PathLike)):
        name = os.fspath(given)
        if not name.endswith(".jar"):
            return name
        if not os.path.isfile(name):
            raise FileNotFoundError(f"the jar {name} does not exist")
        return _Jar(os.path.abspath(name))
    return given


def find_jar() -> str:
    """Returns the path of the jar with the Java transforms.

    This is the value of the environment variable TARDIFF_BEAM_JAR if it is set, else the jar
    built in the checkout from which this package was installed.
    """
    given = os.environ.get(JAR_VARIABLE)
    if given is not None:
        if not os.path.isfile(given):
            raise FileNotFoundError(f"{JAR_VARIABLE} is set to {given}, which does not exist")
        return os.path.abspath(given)
    package = distribution("tardiff-beam")
    name = f"tardiff-beam-{package.version}-expansion-service.jar"
    origin = json.loads(package.read_text("direct_url.json") or "{}").get("url", "")
    sources = Path(url2pathname(urlsplit(origin).path))
    if origin.startswith("file:") and sources.parts[-3:] == ("src", "main", "python"):
        jar = sources.parents[2] / "target" / name
        if jar.is_file():
            return str(jar)
        raise FileNotFoundError(
            f"{jar} does not exist. Build it with `mvn package -DskipTests -Pexpansion-service`,"
            f" or set {JAR_VARIABLE} to its path."
        )
    raise FileNotFoundError(f"{JAR_VARIABLE} must be set to the path of {name}")


def find_workers() -> Optional[str]:
    """Returns host and port of the Java workers on each machine of a cluster, if there are any.

    This is the value of the environment variable TARDIFF_BEAM_WORKERS. Without it the runner
    starts the workers: those on other machines in Docker.
    """
    workers = os.environ.get(WORKERS_VARIABLE)
    if workers is not None and not re.fullmatch(r"[^\s:/]+:\d{1,5}", workers):
        raise ValueError(f"{WORKERS_VARIABLE} must be host:port, was {workers!r}")
    return workers


def as_dict(row: Any) -> Any:
    """Converts a row, and the rows in it, to dicts, for printing, JSON or pandas."""
    if hasattr(row, "_asdict"):
        return {name: as_dict(value) for name, value in row._asdict().items()}
    if isinstance(row, (list, tuple)):
        return [as_dict(value) for value in row]
    return row
