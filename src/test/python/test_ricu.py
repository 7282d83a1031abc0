"""A cohort that pandas writes in the layout of YAIB gives the same windows in pandas and here."""

import json
import subprocess

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SPLITS, jar

STAYS = 30
HOURS = 26
STEPS = 24

# Dynamic variables of YAIB: channel, typical value, and factor to the channel's unit.
VARIABLES = {
    "alb": ("Albumin", 3.5, 1),
    "alp": ("ALP", 80, 1),
    "alt": ("ALT", 25, 1),
    "ast": ("AST", 25, 1),
    "be": ("BaseExcess", -2, 1),
    "bicar": ("HCO3", 24, 1),
    "bili": ("Bilirubin", 1, 1),
    "bili_dir": ("BilirubinDirect", 0.3, 1),
    "bnd": ("Bands", 4, 1),
    "bun": ("BUN", 20, 1),
    "ca": ("Ca", 9, 1),
    "cai": ("CaIon", 1.2, 1),
    "ck": ("CK", 150, 1),
    "ckmb": ("CKMB", 4, 1),
    "cl": ("Cl", 103, 1),
    "crea": ("Creatinine", 1.1, 1),
    "crp": ("CRP", 60, 1),
    "dbp": ("DBP", 60, 1),
    "fgn": ("Fibrinogen", 300, 1),
    "fio2": ("FiO2", 40, 0.01),
    "glu": ("Glucose", 130, 1),
    "hgb": ("Hgb", 11, 1),
    "hr": ("HR", 85, 1),
    "inr_pt": ("INR", 1.2, 1),
    "k": ("K", 4.1, 1),
    "lact": ("Lactate", 1.8, 1),
    "lymph": ("Lymphocytes", 15, 1),
    "map": ("MAP", 75, 1),
    "mch": ("MCH", 30, 1),
    "mchc": ("MCHC", 33, 1),
    "mcv": ("MCV", 90, 1),
    "methb": ("MetHb", 1, 1),
    "mg": ("Mg", 2, 0.4114),
    "na": ("Na", 139, 1),
    "neut": ("Neutrophils", 75, 1),
    "o2sat": ("SpO2", 97, 1),
    "pco2": ("PaCO2", 40, 1),
    "ph": ("pH", 7.4, 1),
    "phos": ("Phosphate", 3.5, 1),
    "plt": ("Platelets", 220, 1),
    "po2": ("PaO2", 100, 1),
    "ptt": ("PTT", 33, 1),
    "resp": ("RR", 18, 1),
    "sbp": ("SBP", 120, 1),
    "temp": ("Temp", 37, 1),
    "tnt": ("TroponinT", 0.05, 1),
    "urine": ("Urine", 90, 1),
    "wbc": ("WBC", 10, 1),
}


def cohort():
    """Returns the tables dyn, with times in hours, sta and outc."""
    random = np.random.default_rng(3)
    stays = 30_000_000 + 7 * np.arange(STAYS)
    dyn = pd.DataFrame(
        {
            "stay_id": np.repeat(stays, HOURS).astype(np.int32),
            "time": np.tile(np.arange(HOURS, dtype=float), STAYS),
        }
    )
    for name, (_, typical, _) in VARIABLES.items():
        values = typical * random.uniform(0.975, 1.025, len(dyn))
        dyn[name] = np.where(random.random(len(dyn)) < 0.3, values.round(3), np.nan)
    sta = pd.DataFrame(
        {
            "stay_id": stays.astype(np.int32),
            "age": 50.0 + np.arange(STAYS),
            "sex": np.where(np.arange(STAYS) % 2 == 0, "Female", "Male"),
            "height": np.where(np.arange(STAYS) % 3 == 0, np.nan, 170.0),
            "weight": 80.0,
        }
    )
    outc = pd.DataFrame(
        {"stay_id": stays.astype(np.int32), "label": (np.arange(STAYS) % 3 == 0).astype(np.int32)}
    )
    return dyn, sta, outc


def ingest(directory, *arguments):
    output = directory / "out"
    done = subprocess.run(
        [
            *["java", "-Xmx2g", "-jar", jar("direct", "mvn package -DskipTests"), "ingest"],
            *["--source=ricu", f"--input={directory}", f"--output={output}"],
            *["--stratified", "--export=npy,parquet", "--deadLetterThreshold=0"],
            "--channels=" + ",".join(channel for channel, _, _ in VARIABLES.values()),
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return output / "cohort"


def test_windows_are_those_of_pandas(tmp_path):
    dyn, sta, outc = cohort()
    dyn["time"] = pd.to_timedelta(dyn["time"], unit="h")
    for name, frame in {"dyn": dyn, "sta": sta, "outc": outc}.items():
        frame.to_parquet(tmp_path / f"{name}.parquet")
    assert pq.read_schema(tmp_path / "dyn.parquet").field("time").type == pa.duration("ns")

    built = ingest(tmp_path, "--task=stay_label", f"--steps={STEPS}")

    seen = 0
    for split in SPLITS:
        values = np.load(built / "export" / f"{split}-values.npy")
        mask = np.load(built / "export" / f"{split}-mask.npy")
        labels = np.load(built / "export" / f"{split}-labels.npy")
        table = pq.read_table(built / "export" / f"{split}.parquet", columns=["subject_id"])
        stays = table["subject_id"].to_pylist()[::STEPS]
        for window, stay in enumerate(stays):
            rows = dyn[dyn["stay_id"] == int(stay)]
            expected = rows[list(VARIABLES)].to_numpy()[:STEPS]
            expected = expected * [factor for _, _, factor in VARIABLES.values()]
            observed = ~np.isnan(expected)
            np.testing.assert_array_equal(mask[window] == 1, observed)
            np.testing.assert_allclose(values[window][observed], expected[observed], rtol=1e-5)
            assert labels[window] == outc.loc[outc["stay_id"] == int(stay), "label"].item()
        seen += len(stays)
    assert seen == STAYS


@pytest.fixture(scope="module")
def hash_of_hours(tmp_path_factory):
    """The hash of the cohort whose times are plain hours."""
    return hash_of(tmp_path_factory.mktemp("hours"), *cohort())


def hash_of(directory, dyn, sta, outc):
    dyn.to_parquet(directory / "dyn.parquet", row_group_size=100, compression="gzip")
    sta.to_parquet(directory / "sta.parquet")
    outc.to_parquet(directory / "outc.parquet")
    built = ingest(directory, "--task=stay_label", f"--steps={STEPS}")
    return json.loads((built / "cohort.json").read_text())["hash"]


@pytest.mark.parametrize("kind", ["timedelta64[s]", "timedelta64[us]", "int64"])
def test_times_of_any_type_give_the_same_cohort(tmp_path, kind, hash_of_hours):
    dyn, sta, outc = cohort()
    if kind == "int64":
        dyn["time"] = dyn["time"].astype(kind)
        dyn["stay_id"] = dyn["stay_id"].astype(float)
    else:
        dyn["time"] = pd.to_timedelta(dyn["time"], unit="h").astype(kind)
    assert hash_of(tmp_path, dyn, sta, outc) == hash_of_hours


def test_labels_of_hours(tmp_path):
    dyn, sta, _ = cohort()
    outc = dyn[["stay_id", "time"]].copy()
    onset = outc["stay_id"].map(dict(zip(sta["stay_id"], range(STAYS)))) % HOURS
    outc["label"] = (outc["time"] > onset) & (outc["stay_id"] % 2 == 0)
    for name, frame in {"dyn": dyn, "outc": outc}.items():
        frame["time"] = pd.to_timedelta(frame["time"], unit="h")
        frame.to_parquet(tmp_path / f"{name}.parquet")
    sta.to_parquet(tmp_path / "sta.parquet")

    built = ingest(tmp_path, "--task=source_label")

    labels = np.concatenate(
        [np.load(built / "export" / f"{split}-labels.npy") for split in SPLITS]
    )
    # Hours in whose window nothing was measured have no window; with 48 variables there are none.
    assert len(labels) == STAYS * HOURS
    assert labels.sum() == outc["label"].sum()
