"""Writes stays.csv and charted.csv with invented patients, for samples/yaml/etl.yaml.

    python samples/python/make_tables.py data

In patients who die, heart rate and respiratory rate rise and blood pressure falls during the stay.
"""

import csv
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

USUAL = {"HR": (80, 8), "SBP": (120, 10), "RR": (17, 2)}
WORSE = {"HR": 0.6, "SBP": -0.7, "RR": 0.2}


def main(directory: Path, stays: int = 200, hours: int = 48) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    patients = random.Random(0)
    with (
        open(directory / "stays.csv", "w", newline="") as stay_file,
        open(directory / "charted.csv", "w", newline="") as charted_file,
    ):
        stay_table, charted_table = csv.writer(stay_file), csv.writer(charted_file)
        stay_table.writerow(["patient", "stay", "admitted", "discharged", "died"])
        charted_table.writerow(["patient", "stay", "charted_at", "item", "value"])
        for stay in range(1, stays + 1):
            admitted = datetime(2020, 1, 1) + timedelta(days=stay)
            discharged = admitted + timedelta(hours=hours + patients.randrange(1, 100))
            died = int(patients.random() < 0.3)
            ids = [f"p{stay}", f"s{stay}"]
            stay_table.writerow([*ids, admitted.isoformat(), discharged.isoformat(), died])
            for hour in range(hours):
                time = (admitted + timedelta(hours=hour, minutes=5)).isoformat()
                for item, (mean, spread) in USUAL.items():
                    value = patients.gauss(mean + died * WORSE[item] * hour, spread)
                    charted_table.writerow([*ids, time, item, f"{value:.1f}"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
