"""SciPy and scikit-learn compute the metrics of metrics.json again from the exported windows."""

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve
from sklearn.neighbors import NearestNeighbors

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


def varying(windows, *others):
    """Leaves out windows that are constant in every channel, like the attacks."""
    keep = (np.abs(windows - windows[:, :1]) > 1e-4).any(axis=(1, 2))
    return (windows[keep], *(other[keep] for other in others))


def nearest(windows, among):
    """Returns the distance of each window to the nearest one, and which it is."""
    flat = windows.reshape(len(windows), -1)
    model = NearestNeighbors(n_neighbors=1, algorithm="brute")
    distance, index = model.fit(among.reshape(len(among), -1)).kneighbors(flat)
    return distance[:, 0] / np.sqrt(flat.shape[1]), index[:, 0]


def by_subject(values, subjects, how):
    return np.array([how(values[subjects == subject], axis=0) for subject in np.unique(subjects)])


@pytest.fixture(scope="module")
def attacked(run):
    """Returns the windows and subjects of the splits, and the unguided synthetic windows."""
    splits = {
        split: varying(*run.network_units("cohort", split), run.subjects(split))
        for split in ["train", "tuning", "held_out"]
    }
    synthetic, _ = varying(*run.network_units(*SYNTHETIC))
    entries = unguided(run.metrics["privacy"])
    return splits, synthetic, entry(entries, set="synthetic")["attacks"]


def check_membership(figures, scores, splits):
    members, others = (
        by_subject(scores[split], splits[split][2], np.max) for split in ["train", "held_out"]
    )
    is_member = np.r_[np.ones(len(members)), np.zeros(len(others))]
    score = np.r_[members, others]
    assert (figures["members"], figures["non_members"]) == (len(members), len(others))
    assert figures["auc"] == pytest.approx(roc_auc_score(is_member, score), abs=1e-3)
    fpr, tpr, _ = roc_curve(is_member, score, drop_intermediate=False)
    for limit, name in [(0.01, "tpr_at1"), (0.1, "tpr_at10")]:
        # Two scores that differ by rounding only may swap ranks.
        assert figures[name] == pytest.approx(tpr[fpr <= limit].max(), abs=2 / len(members))
    # The standard error of Hanley and McNeil (1982).
    auc = figures["auc"]
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = (
        auc * (1 - auc)
        + (len(members) - 1) * (q1 - auc**2)
        + (len(others) - 1) * (q2 - auc**2)
    ) / (len(members) * len(others))
    width = figures["auc_high"] - figures["auc_low"]
    assert width == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.25)


def test_membership_inference_by_distance(attacked):
    splits, synthetic, attacks = attacked
    scores = {split: -nearest(windows, synthetic)[0] for split, (windows, *_) in splits.items()}
    check_membership(attacks["distance"], scores, splits)


def test_membership_inference_by_density_ratio(attacked):
    splits, synthetic, attacks = attacked
    reference = splits["tuning"][0]
    scores = {
        split: np.log(nearest(windows, reference)[0] + 1e-4)
        - np.log(nearest(windows, synthetic)[0] + 1e-4)
        for split, (windows, *_) in splits.items()
    }
    check_membership(attacks["density_ratio"], scores, splits)


def test_attribute_disclosure(run, attacked):
    splits, synthetic, attacks = attacked
    figures = attacks["attribute"]
    tuning, of_tuning, _ = splits["tuning"]
    assert [c["channel"] for c in figures["channels"]] == run.channels
    errors = {"train": [], "held_out": [], "baseline": []}
    for i, channel in enumerate(figures["channels"]):
        for split in ["train", "held_out"]:
            windows, labels, subjects = splits[split]
            _, index = nearest(np.delete(windows, i, axis=2), np.delete(synthetic, i, axis=2))
            truth = windows[:, :, i].mean(axis=1)
            error = np.abs(synthetic[index, :, i].mean(axis=1) - truth)
            errors[split].append(by_subject(error, subjects, np.mean).mean())
            assert channel[f"{split}_error"] == pytest.approx(errors[split][-1], abs=2e-3)
        windows, labels, subjects = splits["train"]
        of_class = [tuning[of_tuning == k][:, :, i].mean() for k in range(2)]
        error = np.abs(np.take(of_class, labels) - windows[:, :, i].mean(axis=1))
        errors["baseline"].append(by_subject(error, subjects, np.mean).mean())
        assert channel["baseline_error"] == pytest.approx(errors["baseline"][-1], abs=1e-4)
    for name, of_channels in errors.items():
        assert figures[f"{name}_error"] == pytest.approx(np.mean(of_channels), abs=2e-3)
    difference = np.mean(errors["held_out"]) - np.mean(errors["train"])
    assert figures["advantage"] == pytest.approx(difference, abs=3e-3)
    assert figures["advantage_low"] < figures["advantage"] < figures["advantage_high"]


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
