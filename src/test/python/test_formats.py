"""Other libraries read the files of a run and find the same values in all of them."""

import csv

import fastavro
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SPLITS

KINDS = [*[("cohort", split) for split in SPLITS], ("synthetic", "none", "samples")]


def avro(pattern):
    """Returns the records of all shards."""
    records = []
    for file in sorted(pattern.parent.glob(pattern.name)):
        with open(file, "rb") as stream:
            records.extend(fastavro.reader(stream))
    return records


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[-1])
def test_parquet_csv_and_npy_have_the_same_windows(run, kind):
    *where, name = kind
    values, labels = run.values(*kind)
    windows, steps, channels = values.shape
    assert values.dtype == np.float32 and labels.dtype == np.int64
    assert (steps, channels) == (run.cohort["spec"]["steps"], len(run.channels))

    table = pq.read_table(run.export(*where, f"{name}.parquet"))
    assert table.num_rows == windows * steps
    assert table.schema.field("HR").type == pa.float32()
    frame = table.to_pandas()
    np.testing.assert_array_equal(
        frame[run.channels].to_numpy().reshape(values.shape), values
    )
    np.testing.assert_array_equal(frame["label"], np.repeat(labels, steps))
    np.testing.assert_array_equal(frame["step"], np.tile(np.arange(steps), windows))

    text = pd.read_csv(run.export(*where, f"{name}.csv"), float_precision="round_trip")
    assert list(text.columns) == list(frame.columns)
    np.testing.assert_array_equal(np.float32(text[run.channels]), frame[run.channels])
    with open(run.export(*where, f"{name}.csv"), newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == table.num_rows + 1


@pytest.mark.parametrize("split", SPLITS)
def test_avro_has_the_windows_of_the_cohort(run, split):
    records = avro(run.directory / "cohort" / f"{split}-*.avro")
    values, labels = run.values("cohort", split)
    assert len(records) == len(labels) > 0
    np.testing.assert_array_equal(
        [record["window_id"] for record in records], run.window_ids(split)
    )
    assert {record["split"] for record in records} == {split}
    np.testing.assert_array_equal([record["label"] for record in records], labels)
    np.testing.assert_array_equal(
        np.float32([record["values"] for record in records]).reshape(values.shape), values
    )
    mask = np.load(run.export("cohort", f"{split}-mask.npy"))
    np.testing.assert_array_equal(
        np.float32([record["mask"] for record in records]).reshape(values.shape), mask
    )


def test_avro_has_the_samples_and_a_ledger_record_of_each(run):
    directory = run.directory / "synthetic" / "none"
    records = sorted(avro(directory / "samples-*.avro"), key=lambda record: record["sample_id"])
    values, labels = run.values("synthetic", "none", "samples")
    np.testing.assert_array_equal([record["label"] for record in records], labels)
    np.testing.assert_array_equal(
        np.float32([record["values"] for record in records]).reshape(values.shape), values
    )
    ledger = {record["sample_id"]: record for record in avro(directory / "ledger-*.avro")}
    assert len(ledger) == len(records)
    assert all(ledger[r["sample_id"]]["label"] == r["label"] for r in records)
