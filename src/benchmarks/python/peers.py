"""Trains a generator of another project on an exported cohort and samples a set that `evaluate` reads.

    java -jar tardiff-beam-0.1.0-direct.jar ingest --source=physionet2012 --input=data \
        --export=npy --output=out/ingest
    pip install "tsgm[tensorflow]==0.1.0" "pandas<3"
    python peers.py --peer=tsgm_cvae --train=out/ingest/cohort/export --output=out/peers

A peer has the defaults that its project documents. It stops when the process has used --cpuMinutes of
processor time, on one thread and with everything before the training included, or after the number of
epochs that is its default. It samples as many windows of each label as train has and writes them to
OUTPUT/PEER. Prints JSON: versions, epochs, processor seconds and peak memory.

The peers need different versions of the same packages: a virtual environment for each. What to
install is in the documentation of each class.
"""

import argparse
import importlib.metadata
import json
import os
import resource
import time
from pathlib import Path

# Read when the libraries are loaded.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["KERAS_BACKEND"] = "tensorflow"

import numpy as np


class TsgmCvae:
    """Conditional beta-VAE of tsgm: `cvae_conv5`, set up as in the project's tutorial on it.

    pip install "tsgm[tensorflow]==0.1.0" "pandas<3"

    The tutorial is a demonstration of one epoch, so the number of epochs is what fits the budget. The
    backend is TensorFlow: tsgm 0.1.0 cannot train this model with Keras's PyTorch backend.
    """

    packages = ("tsgm", "keras", "tensorflow")
    epochs = None
    latent = 32

    def fit(self, values, labels, out_of_time, seed):
        import keras
        import tsgm

        keras.utils.set_random_seed(seed)
        self.scaler = tsgm.utils.TSFeatureWiseScaler((0, 1))
        scaled = self.scaler.fit_transform(values).astype(np.float32)
        self.classes = int(labels.max()) + 1
        _, steps, channels = scaled.shape
        architecture = tsgm.models.architectures.zoo["cvae_conv5"](
            steps, channels, self.latent, self.classes
        )
        self.model = tsgm.models.cvae.cBetaVAE(
            architecture.encoder, architecture.decoder, latent_dim=self.latent, temporal=False
        )
        self.model.compile(optimizer=keras.optimizers.Adam())

        class Budget(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                self.model.stop_training = out_of_time()

        history = self.model.fit(
            scaled,
            self._one_hot(labels),
            epochs=1_000_000,
            batch_size=128,
            verbose=0,
            callbacks=[Budget()],
        )
        return len(history.epoch)

    def sample(self, labels):
        import keras

        parts = []
        for start in range(0, len(labels), 256):
            windows, _ = self.model.generate(
                keras.ops.convert_to_tensor(self._one_hot(labels[start : start + 256]))
            )
            parts.append(keras.ops.convert_to_numpy(windows))
        return self.scaler.inverse_transform(np.concatenate(parts))

    def _one_hot(self, labels):
        return np.eye(self.classes, dtype=np.float32)[labels]


class SdvPar:
    """PAR of SDV, every setting a default; the label is a context column, the hour the sequence index.

    pip install sdv==2.0.0
    """

    packages = ("sdv", "deepecho", "torch")
    epochs = 128

    def fit(self, values, labels, out_of_time, seed):
        import deepecho.models.par
        import pandas
        import torch
        from sdv.metadata import Metadata
        from sdv.sequential import PARSynthesizer

        torch.manual_seed(seed)
        np.random.seed(seed)
        count, self.steps, channels = values.shape
        self.columns = [f"channel{i}" for i in range(channels)]
        frame = pandas.DataFrame(
            values.reshape(-1, channels).astype(np.float64), columns=self.columns
        )
        frame["window"] = np.repeat(_names("window", range(count)), self.steps)
        frame["hour"] = np.tile(np.arange(self.steps), count)
        frame["label"] = np.repeat(_names("label", labels), self.steps)
        metadata = Metadata()
        metadata.add_table("windows")
        for column in frame.columns:
            kind = {"window": "id", "label": "categorical"}.get(column, "numerical")
            metadata.add_column(column, "windows", sdtype=kind)
        metadata.set_sequence_key("window", "windows")
        metadata.set_sequence_index("hour", "windows")
        self.model = PARSynthesizer(metadata, context_columns=["label"], cuda=False)
        made = 0

        # PAR cannot be stopped; the loop over epochs is over a progress bar, replaced by this.
        def epochs_within_budget(epochs, **_):
            nonlocal made
            for epoch in epochs:
                if out_of_time():
                    return
                yield epoch
                made += 1

        deepecho.models.par.tqdm = epochs_within_budget
        self.model.fit({"windows": frame})
        return made

    def sample(self, labels):
        import pandas

        windows = _names("sample", range(len(labels)))
        context = pandas.DataFrame({"window": windows, "label": _names("label", labels)})
        rows = self.model.sample_sequential_columns(context, sequence_length=self.steps)
        by_window = dict(tuple(rows["windows"].groupby("window", sort=False)))
        made = [by_window[window] for window in windows]
        if [rows["label"].iloc[0] for rows in made] != _names("label", labels):
            raise ValueError("PAR sampled other labels than requested")
        return np.stack([rows[self.columns].to_numpy(np.float64) for rows in made])


class GretelDgan:
    """DoppelGANger of gretel-synthetics, every setting a default; the label is an attribute.

    pip install torch pandas category_encoders && pip install --no-deps gretel-synthetics==0.22.20

    Without its dependencies, because they cannot be installed together: it requires rdt 1.2, which
    needs a Python older than 3.10. A label cannot be requested: it samples until there are enough of
    each. The number of steps per cell, sample_len, has no default; 4 makes 12 cells for 48 hours.
    """

    packages = ("gretel-synthetics", "torch")
    epochs = 400

    def fit(self, values, labels, out_of_time, seed):
        import torch
        from gretel_synthetics.timeseries_dgan.config import DGANConfig, OutputType
        from gretel_synthetics.timeseries_dgan.dgan import DGAN

        torch.manual_seed(seed)
        np.random.seed(seed)
        _, steps, channels = values.shape
        self.model = DGAN(
            DGANConfig(max_sequence_len=steps, sample_len=4, epochs=self.epochs, cuda=False)
        )
        made = 0

        class OutOfTime(Exception):
            pass

        def progress(info):
            nonlocal made
            if info.batch + 1 == info.total_batches:
                made = info.epoch + 1
                if out_of_time():
                    raise OutOfTime

        try:
            self.model.train_numpy(
                features=values.astype(np.float64),
                feature_types=[OutputType.CONTINUOUS] * channels,
                attributes=labels[:, None].astype(str).astype(object),
                attribute_types=[OutputType.DISCRETE],
                progress_callback=progress,
            )
        except OutOfTime:
            pass
        return made

    def sample(self, labels):
        wanted = {label: list(np.flatnonzero(labels == label)) for label in np.unique(labels)}
        samples = [None] * len(labels)
        for _ in range(100):
            attributes, features = self.model.generate_numpy(1024)
            for attribute, window in zip(attributes[:, 0], features):
                if wanted[int(attribute)]:
                    samples[wanted[int(attribute)].pop()] = window
            if not any(wanted.values()):
                return np.stack(samples).astype(np.float64)
        missing = {int(label): len(places) for label, places in wanted.items() if places}
        raise ValueError(f"Too few samples of some labels; missing: {missing}")


PEERS = {"tsgm_cvae": TsgmCvae, "sdv_par": SdvPar, "gretel_dgan": GretelDgan}


def _names(prefix, numbers):
    return [f"{prefix}{number}" for number in numbers]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--peer", required=True, choices=PEERS)
    parser.add_argument("--train", type=Path, required=True, help="export directory of the cohort")
    parser.add_argument("--output", type=Path, required=True, help="directory of the sets")
    parser.add_argument("--cpuMinutes", type=float, default=10, help="training budget")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    values = np.load(arguments.train / "train-values.npy")
    labels = np.load(arguments.train / "train-labels.npy")

    peer = PEERS[arguments.peer]()
    budget = 60 * arguments.cpuMinutes
    epochs = peer.fit(values, labels, lambda: time.process_time() > budget, arguments.seed)
    trained = time.process_time()
    windows = peer.sample(labels).astype(np.float32)
    sampled = time.process_time()

    output = arguments.output / arguments.peer
    output.mkdir(parents=True, exist_ok=True)
    np.save(output / "values.npy", windows)
    np.save(output / "labels.npy", labels)
    print(
        json.dumps(
            {
                "peer": arguments.peer,
                "versions": {name: importlib.metadata.version(name) for name in peer.packages},
                "seed": arguments.seed,
                "epochs": epochs,
                "default_epochs": peer.epochs,
                "training_cpu_seconds": round(trained, 1),
                "sampling_cpu_seconds": round(sampled - trained, 1),
                "windows": len(windows),
                "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
