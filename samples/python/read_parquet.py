"""Reads a synthetic set with pandas, without Beam. Needs `pip install pandas pyarrow`.

    java -jar target/tardiff-beam-0.1.0-direct.jar tardiff --preset=quickstart --source=simulated \\
      --export=parquet --output=out/simulated
    python samples/python/read_parquet.py out/simulated
"""

import sys
from pathlib import Path

import pandas as pd

IDS = ["sample_id", "label", "step"]


def main(run: Path) -> None:
    file = run / "synthetic" / "none" / "export" / "samples.parquet"
    steps = pd.read_parquet(file)
    channels = [column for column in steps.columns if column not in IDS]
    samples = steps.groupby("sample_id")
    print(f"{samples.ngroups} samples of {steps['step'].max() + 1} steps")
    # The table has one row per step.
    print(steps.groupby("label")[channels].agg(["mean", "std"]).round(1).to_string())
    # As an array [samples, steps, channels], for your own network.
    values = steps.sort_values(["sample_id", "step"])[channels].to_numpy()
    print("array of shape", values.reshape(samples.ngroups, -1, len(channels)).shape)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
