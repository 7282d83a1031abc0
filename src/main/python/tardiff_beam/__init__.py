"""Synthetic, labelled EHR time series in Apache Beam pipelines in Python.

    import apache_beam as beam
    import tardiff_beam as tardiff

    with beam.Pipeline() as pipeline:
        _ = (
            pipeline
            | tardiff.ReadSimulated(stays=400)
            | tardiff.BuildCohort(output="out/cohort", channels=["HR", "SBP", "RR"])
            | tardiff.Train(output="out/model", denoiser="tiny", training_steps=200)
            | tardiff.Generate(output="out/synthetic", guidance_rules=["none"])
            | beam.Map(tardiff.as_dict)
            | beam.Map(print)
        )

The transforms are written in Java. A jar expands and runs them, which requires Java 17.
"""

from tardiff_beam import transforms
from tardiff_beam._external import ErrorHandling, as_dict, find_jar, find_workers
from tardiff_beam.transforms import *  # noqa: F403

__all__ = ["ErrorHandling", "as_dict", "find_jar", "find_workers", *transforms.__all__]
