"""All steps with Beam's Python SDK: from a simulated ICU to synthetic windows as rows.

Needs Java 17 and

    mvn package -DskipTests -Pexpansion-service
    pip install ./src/main/python
    python samples/python/tardiff_pipeline.py --output=out/python

The models are tiny, so it takes about a minute. The Java transforms run in a process on this machine.
Beam's options are passed on; src/site/markdown/yaml-and-python.md explains how to run on Flink.
"""

import argparse

import apache_beam as beam
import tardiff_beam as tardiff
from apache_beam.options.pipeline_options import PipelineOptions

CHANNELS = ["HR", "SBP", "RR"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    known, beam_options = parser.parse_known_args()
    output = known.output

    with beam.Pipeline(options=PipelineOptions(beam_options)) as pipeline:
        sets = (
            pipeline
            | tardiff.ReadSimulated(stays=200)
            | tardiff.BuildCohort(output=f"{output}/cohort", channels=CHANNELS)
            | tardiff.Train(
                output=f"{output}/model",
                denoiser="tiny",
                training_steps=100,
                classifier="cnn",
                classifier_epochs=3,
            )
            | tardiff.Generate(
                output=f"{output}/synthetic",
                guidance_rules=["mean_shift"],
                guidance_scales=[0.01],
                sample_labels="balanced",
            )
        )
        # Evaluate has two outputs: the utility table and the set to keep.
        evaluated = sets | tardiff.Evaluate(
            output=f"{output}/evaluation",
            cohort=f"{output}/cohort",
            evaluation_models=["logistic"],
            evaluation_seeds=1,
        )
        _ = (
            evaluated["output"]
            | "As dicts" >> beam.Map(tardiff.as_dict)
            | "Score" >> beam.Map(lambda row: f"{row['protocol']}: AUROC {row['auroc']['mean']:.3f}")
            | "Print" >> beam.Map(print)
        )
        _ = (
            evaluated["chosen"]
            | tardiff.ReadSynthetic(channels=CHANNELS)
            | "Steps" >> beam.Map(tardiff.as_dict)
            | "Write" >> beam.io.WriteToText(f"{output}/steps")
        )


if __name__ == "__main__":
    main()
