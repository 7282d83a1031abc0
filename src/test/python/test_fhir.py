"""Resources that the package `fhir.resources` accepts become the windows and labels that they state."""

import datetime
import json
import os
import subprocess

import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import SPLITS, jar
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient

UTC = datetime.timezone.utc
ADMISSION = datetime.datetime(2021, 3, 4, 8, 0, tzinfo=UTC)
LOINC = {"HR": ("8867-4", "/min"), "SBP": ("8480-6", "mm[Hg]"), "RR": ("9279-1", "/min")}
PATIENTS = 40
HOURS = 24


def died(patient):
    return patient % 4 == 0


def value(patient, channel, hour):
    return {"HR": 70, "SBP": 110, "RR": 16}[channel] + patient % 7 + hour % 5


def resources(patient):
    """Yields the resources of one patient: a stay of three days with hourly vital signs."""
    subject = {"reference": f"Patient/p{patient}"}
    yield Patient(id=f"p{patient}", gender="female", birthDate="1950-01-01")
    disposition = {
        "system": "http://terminology.hl7.org/CodeSystem/discharge-disposition",
        "code": "exp" if died(patient) else "home",
    }
    yield Encounter(
        id=f"e{patient}",
        status="finished",
        class_fhir={
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "IMP",
        },
        subject=subject,
        period={"start": ADMISSION, "end": ADMISSION + datetime.timedelta(hours=72)},
        hospitalization={"dischargeDisposition": {"coding": [disposition]}},
    )
    for channel, (code, unit) in LOINC.items():
        for hour in range(HOURS):
            yield Observation(
                id=f"o{patient}-{channel}-{hour}",
                status="final",
                code={"coding": [{"system": "http://loinc.org", "code": code}]},
                subject=subject,
                encounter={"reference": f"Encounter/e{patient}"},
                effectiveDateTime=ADMISSION + datetime.timedelta(hours=hour, minutes=30),
                valueQuantity={
                    "value": value(patient, channel, hour),
                    "system": "http://unitsofmeasure.org",
                    "code": unit,
                    "unit": unit,
                },
            )


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    directory = tmp_path_factory.mktemp("fhir")
    files = {}
    for patient in range(PATIENTS):
        for resource in resources(patient):
            files.setdefault(type(resource).__name__, []).append(resource.model_dump_json())
    (directory / "data").mkdir()
    for name, lines in files.items():
        (directory / "data" / f"{name}.ndjson").write_text("\n".join(lines) + "\n")
    command = [
        *["java", "-Xmx2g", "-jar", jar("direct", "mvn package -DskipTests"), "ingest"],
        *["--source=fhir", "--task=hospital_mortality", "--channels=HR,SBP,RR", "--split=50,25,25"],
        *[f"--input={directory / 'data'}", f"--output={directory / 'out'}", "--export=parquet"],
    ]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return directory / "out" / "cohort"


def test_labels_and_values_are_those_of_the_resources(cohort):
    stays = set()
    for split in SPLITS:
        table = pq.read_table(cohort / "export" / f"{split}.parquet").to_pandas()
        for window, rows in table.groupby("window_id"):
            patient = int(str(rows["subject_id"].iloc[0]).removeprefix("p"))
            stays.add(patient)
            assert set(rows["label"]) == {int(died(patient))}, window
            for channel in LOINC:
                expected = [value(patient, channel, hour) for hour in range(HOURS)]
                actual = rows.sort_values("step")[channel]
                np.testing.assert_allclose(actual, expected, rtol=1e-5)
    assert stays == set(range(PATIENTS))


def test_no_value_is_dropped(cohort):
    counts = json.loads((cohort / "cohort.json").read_text())
    observed = {name: split["coverage"] for name, split in counts["splits"].items()}
    assert observed == {split: {channel: 1.0 for channel in LOINC} for split in SPLITS}
    assert not list((cohort.parent / "dead-letter").glob("*.csv"))
