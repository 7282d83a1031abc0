"""The MEDS exports are valid according to the schemas of the package `meds`."""

import json

import meds
import numpy as np
import pyarrow.parquet as pq
import pytest

EXPORTS = [("cohort",), ("synthetic", "none")]


@pytest.mark.parametrize("where", EXPORTS, ids="/".join)
def test_meds_accepts_every_file(run, where):
    root = run.export(*where, "meds")
    data = sorted(root.glob("data/*/*.parquet"))
    labels = sorted(root.glob("labels/*/*/*.parquet"))
    assert data and labels
    for file in data:
        meds.DataSchema.validate(pq.read_table(file))
    for file in labels:
        meds.LabelSchema.validate(pq.read_table(file))
    meds.CodeMetadataSchema.validate(pq.read_table(root / "metadata" / "codes.parquet"))
    meds.SubjectSplitSchema.validate(pq.read_table(root / "metadata" / "subject_splits.parquet"))
    meds.DatasetMetadataSchema.validate(
        json.loads((root / "metadata" / "dataset.json").read_text())
    )


def test_labels_match_the_windows(run):
    for split in ["train", "tuning", "held_out"]:
        root = run.export("cohort", "meds") / "labels" / "in_hospital_mortality" / split
        table = pq.read_table(root)
        window_labels = run.values("cohort", split)[1]
        assert table.num_rows == len(window_labels)
        assert np.sum(table["boolean_value"].to_numpy(zero_copy_only=False)) == window_labels.sum()
