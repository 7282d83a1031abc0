"""TensorFlow for Python computes the same as the pipeline. Needs tensorflow-cpu."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import jar
from sklearn.metrics import average_precision_score, roc_auc_score

tf = pytest.importorskip("tensorflow", reason="tensorflow-cpu is not installed")


@pytest.fixture(scope="module")
def about(run):
    return json.loads((run.directory / "savedmodel" / "savedmodel.json").read_text())


def load(run, name):
    return tf.saved_model.load(str(run.directory / "savedmodel" / name))


def test_classifier_has_the_metrics_of_the_training(run, about):
    values, labels = run.values("cohort", "tuning")
    model = load(run, "classifier")
    risk = model.signatures["serving_default"](values=tf.constant(values))["probabilities"][:, 1]
    training = run.metrics["training"]
    assert training["classifier_best_epoch"] == about["classifier_epoch"]
    (epoch,) = [e for e in training["classifier_epochs"] if e["epoch"] == about["classifier_epoch"]]
    assert epoch["tuning_auroc"] == pytest.approx(roc_auc_score(labels, risk), abs=1e-3)
    assert epoch["tuning_auprc"] == pytest.approx(average_precision_score(labels, risk), abs=1e-3)


def test_sampler_draws_the_samples_of_the_pipeline(run, about):
    values, labels = run.values("synthetic", "none", "samples")
    shape = values.shape
    draws = about["sampling_steps"] + 1
    source = Path(__file__).with_name("SamplingNoise.java")
    command = ["java", "-cp", jar("direct", "mvn package -DskipTests"), source]
    sizes = [0, draws, len(values), shape[1] * shape[2]]
    printed = subprocess.run([*command, *map(str, sizes)], capture_output=True, check=True).stdout
    noise = np.frombuffer(printed, ">f4").astype(np.float32).reshape(draws, *shape)
    model = load(run, "sampler")
    x = tf.constant(noise[0], tf.float64)
    for step in range(about["sampling_steps"]):
        x = model.signatures["unguided"](
            x=x,
            noise=tf.constant(noise[step + 1]),
            label=tf.constant(labels, tf.int32),
            step=tf.constant(step),
        )["x"]
    again = model.signatures["clinical"](x=x)["values"].numpy()
    np.testing.assert_allclose(again, values, rtol=1e-3, atol=1e-2)
