"""SciPy and scikit-learn compute the metrics of metrics.json again from the exported windows."""

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

REAL_TUNING = ("cohort", "tuning")
SYNTHETIC = ("synthetic", "none", "samples")
SETS = {"real_tuning": REAL_TUNING, "synthetic": SYNTHETIC}


def unguided(entries):
    return [entry for entry in entries if entry["guidance_rule"] in (None, "none")]


def entry(entries, **keys):
    (found,) = [e for e in entries if all(e[k] == v for k, v in keys.items())]
    return found


@pytest.mark.parametrize("name", SETS)
def test_fidelity(run, name):
    real, _ = run.network_units("cohort", "train")
    values, _ = run.network_units(*SETS[name])
    figures = entry(unguided(run.metrics["fidelity"]), set=name)
    assert [c["channel"] for c in figures["channels"]] == run.channels
    for i, channel in enumerate(figures["channels"]):
        a, b = real[:, :, i].ravel(), values[:, :, i].ravel()
        assert channel["ks"] == pytest.approx(stats.ks_2samp(a, b).statistic, abs=1e-6)
        assert channel["wasserstein"] == pytest.approx(stats.wasserstein_distance(a, b), rel=1e-4)
        assert channel["sd_ratio"] == pytest.approx(b.std(ddof=1) / a.std(ddof=1), rel=1e-4)
        centred = values[:, :, i] - values[:, :, i].mean(axis=1, keepdims=True)
        lagged = (centred[:, 1:] * centred[:, :-1]).sum() / (centred**2).sum()
        assert channel["autocorrelation"] == pytest.approx(lagged, abs=1e-4)
    correlations = [np.corrcoef(v.reshape(-1, v.shape[-1]).T) for v in (real, values)]
    differences = np.abs(correlations[0] - correlations[1])[np.triu_indices(len(run.channels), 1)]
    assert figures["mean_correlation_difference"] == pytest.approx(differences.mean(), abs=1e-4)


class Random:
    """xoroshiro128++, seeded and used as by Apache Commons RNG, to draw the same windows."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = []
        for i in range(1, 3):
            x = (seed + i * 0x9E3779B97F4A7C15) & self.MASK
            x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
            x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & self.MASK
            self.state.append(x ^ (x >> 31))
        self.halves = []

    def _rotate(self, x, by):
        return ((x << by) | (x >> (64 - by))) & self.MASK

    def _integer(self):
        if not self.halves:
            a, b = self.state
            drawn = (self._rotate((a + b) & self.MASK, 17) + a) & self.MASK
            b ^= a
            self.state = [
                self._rotate(a, 49) ^ b ^ ((b << 21) & self.MASK),
                self._rotate(b, 28),
            ]
            self.halves = [drawn >> 32, drawn & 0xFFFFFFFF]
        return self.halves.pop()

    def below(self, bound):
        while True:
            product = self._integer() * bound
            if product & 0xFFFFFFFF >= (1 << 32) % bound:
                return product >> 32


def summaries(values):
    """Returns six summary statistics per channel: ``[windows, channels * 6]``."""
    values = np.float64(values)
    of_channels = [
        values.mean(axis=1),
        values.std(axis=1),
        values.min(axis=1),
        values.max(axis=1),
        values[:, 0],
        values[:, -1],
    ]
    return np.stack(of_channels, axis=-1).reshape(len(values), -1)


def scores(run, train, seed):
    """Returns the held_out AUROC and AUPRC of a logistic regression, with the penalty chosen on tuning."""
    values, labels = train
    of_class = [np.flatnonzero(labels == k) for k in range(2)]
    random = Random(seed)
    drawn = [of_class[k][random.below(len(of_class[k]))] for k in labels]
    features = summaries(values[drawn])
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    # Ignore constant features.
    deviation[deviation**2 <= 1e-12] = np.inf
    (tuning, of_tuning), (held_out, of_held_out) = (
        run.network_units("cohort", split) for split in ["tuning", "held_out"]
    )

    def standardised(windows):
        return (summaries(windows) - mean) / deviation

    def fit(cost):
        # liblinear penalises the intercept, as the Java library does.
        model = LogisticRegression(solver="liblinear", C=cost, tol=1e-6, max_iter=1000)
        model.fit((features - mean) / deviation, labels)
        return model, average_precision_score(
            of_tuning, model.predict_proba(standardised(tuning))[:, 1]
        )

    model, _ = max((fit(cost) for cost in [0.001, 0.01, 0.1, 1]), key=lambda fitted: fitted[1])
    probabilities = model.predict_proba(standardised(held_out))[:, 1]
    return (
        roc_auc_score(of_held_out, probabilities),
        average_precision_score(of_held_out, probabilities),
    )


@pytest.mark.parametrize(
    ("protocol", "train"), [("TRTR", ("cohort", "train")), ("TSTR", SYNTHETIC)], ids=["TRTR", "TSTR"]
)
def test_utility_of_a_logistic_regression(run, protocol, train):
    row = entry(unguided(run.metrics["utility"]), protocol=protocol, model="logistic")
    windows = run.network_units(*train)
    assert row["train_windows"] == len(windows[0])
    again = [scores(run, windows, seed) for seed in row["seeds"]]
    # The solvers differ slightly, so windows with close scores may swap ranks.
    np.testing.assert_allclose(row["auroc"]["values"], [auroc for auroc, _ in again], atol=0.01)
    np.testing.assert_allclose(row["auprc"]["values"], [auprc for _, auprc in again], atol=0.02)
    assert row["auroc"]["mean"] == pytest.approx(np.mean(row["auroc"]["values"]))
    assert row["auroc"]["sd"] == pytest.approx(np.std(row["auroc"]["values"], ddof=1))
