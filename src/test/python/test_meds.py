"""The MEDS exports are valid according to the package `meds`, and tools for MEDS work on them."""

import json
import os
import subprocess
import sys
from pathlib import Path

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


def tool(name, *arguments):
    """Runs a program that a package has installed next to Python."""
    programs = Path(sys.executable).parent
    if not (programs / name).exists():
        pytest.skip(f"{name} is not installed: it needs Python 3.11 or later")
    done = subprocess.run(
        [programs / name, *map(str, arguments)],
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_aces_extracts_a_task_from_synthetic_stays(run, tmp_path):
    """ACES finds stays whose heart rate exceeds a limit on the second day."""
    heart_rate = run.values("synthetic", "none", "samples")[0][:, :, run.channels.index("HR")]
    highest = heart_rate[:, 24:].max(axis=1)
    distinct = np.unique(highest).astype(np.float64)
    limit = distinct[len(distinct) // 2 - 1 :][:2].mean()
    (tmp_path / "tachycardia.yaml").write_text(
        f"""
        predicates:
          measured: {{code: HR}}
          tachycardia: {{code: HR, value_min: {limit}}}
        trigger: _RECORD_START
        windows:
          first_day:
            start: trigger
            end: start + 23h
            start_inclusive: true
            end_inclusive: true
            index_timestamp: end
            has: {{measured: "(1, None)"}}
          second_day:
            start: first_day.end
            end: start + 24h
            start_inclusive: false
            end_inclusive: true
            label: tachycardia
        """
    )
    tool(
        "aces-cli",
        *["cohort_name=tachycardia", f"cohort_dir={tmp_path}", "data=single_file"],
        *[f"data.path={run.export('synthetic', 'none', 'meds')}/data/train/0.parquet"],
        "data.standard=meds",
    )
    extracted = pq.read_table(tmp_path / "tachycardia.parquet").to_pandas()
    labels = extracted.sort_values("subject_id")["boolean_value"].to_numpy()
    assert list(labels) == list(highest > limit)


def test_meds_transforms_normalises_synthetic_stays(run, tmp_path):
    output = tmp_path / "out"
    (tmp_path / "pipeline.yaml").write_text(
        json.dumps(
            {
                "input_dir": str(run.export("synthetic", "none", "meds")),
                "output_dir": str(output),
                "stages": [
                    {"filter_subjects": {"min_events_per_subject": 5}},
                    {
                        "aggregate_code_metadata": {
                            "aggregations": [
                                *["code/n_occurrences", "code/n_subjects"],
                                *["values/n_occurrences", "values/sum", "values/sum_sqd"],
                            ]
                        }
                    },
                    "fit_vocabulary_indices",
                    "normalization",
                ],
            }
        )
    )
    tool("MEDS_transform-pipeline", tmp_path / "pipeline.yaml")
    codes = pq.read_table(output / "metadata" / "codes.parquet").to_pandas().set_index("code")
    data = pq.read_table(output / "data" / "train" / "0.parquet").to_pandas()
    values = run.values("synthetic", "none", "samples")[0]
    for index, channel in enumerate(run.channels):
        given = values[:, :, index].astype(np.float64)
        code = codes.loc[channel]
        assert code["values/n_occurrences"] == given.size
        np.testing.assert_allclose(code["values/sum"], given.sum(), rtol=1e-4)
        normalised = data[data["code"] == code["code/vocab_index"]]
        normalised = normalised.sort_values(["subject_id", "time"])["numeric_value"]
        expected = (given - given.mean()) / given.std()
        np.testing.assert_allclose(normalised, expected.ravel(), rtol=1e-2, atol=1e-2)
