"""Trains a scikit-learn model on a synthetic set and tests it on held-out real stays.

    java -jar target/tardiff-beam-0.1.0-direct.jar tardiff --preset=quickstart --source=simulated \\
      --export=npy --output=out/simulated
    python samples/python/scikit_learn.py out/simulated

The simulated ICU has the channels and codes of the PhysioNet/CinC Challenge 2012. To use its files, pass
--source=physionet2012 --input=data/physionet2012 instead. Needs `pip install scikit-learn`.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, roc_auc_score


def windows(export: Path, name: str):
    values = np.load(export / f"{name}-values.npy")
    return values.reshape(len(values), -1), np.load(export / f"{name}-labels.npy")


run = Path(sys.argv[1])
held_out, died = windows(run / "cohort" / "export", "held_out")
for kind, export, name in [
    ("real", run / "cohort" / "export", "train"),
    ("synthetic", run / "synthetic" / "none" / "export", "samples"),
]:
    model = RandomForestClassifier(500, random_state=0).fit(*windows(export, name))
    risk = model.predict_proba(held_out)[:, 1]
    print(
        f"trained on {kind} stays: AUROC {roc_auc_score(died, risk):.3f},"
        f" AUPRC {average_precision_score(died, risk):.3f}"
    )
