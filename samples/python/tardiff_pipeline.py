"""All steps with Beam's Python SDK: from a simulated ICU to synthetic windows as rows.

Needs apache-beam 2.70.0, the version that the jar is built with, and Java 17:

    mvn package -DskipTests -Pexpansion-service
    python samples/python/tardiff_pipeline.py --output=out/python

The transforms run in Java, so the runner must be a portable one; Beam's default for Python is. Their
fields are in src/site/markdown/schema-transforms.md.
"""

import argparse

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.external import JavaJarExpansionService
from apache_beam.transforms.external_transform_provider import ExternalTransformProvider

JAR = "target/tardiff-beam-0.1.0-expansion-service.jar"
URN = "beam:schematransform:io.tardiff:%s:v1"
CHANNELS = ["HR", "SBP", "RR"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jar", default=JAR)
    parser.add_argument("--output", required=True)
    known, beam_options = parser.parse_known_args()
    output = known.output

    tardiff = ExternalTransformProvider(
        JavaJarExpansionService(known.jar),
        urn_pattern=r"^beam:schematransform:io\.tardiff:(\w+):v1$",
    )
    read_simulated = tardiff.get_urn(URN % "read_simulated")
    build_cohort = tardiff.get_urn(URN % "build_cohort")
    train = tardiff.get_urn(URN % "train")
    generate = tardiff.get_urn(URN % "generate")
    evaluate = tardiff.get_urn(URN % "evaluate")
    read_synthetic = tardiff.get_urn(URN % "read_synthetic")

    with beam.Pipeline(options=PipelineOptions(beam_options)) as pipeline:
        sets = (
            pipeline
            | "Simulate" >> read_simulated(stays=1200)
            | "Build cohort" >> build_cohort(output=f"{output}/cohort", channels=CHANNELS)
            | "Train"
            >> train(
                output=f"{output}/model",
                denoiser="tiny",
                training_steps=1000,
                classifier_epochs=5,
            )
            | "Generate"
            >> generate(
                output=f"{output}/synthetic",
                guidance_rules=["mean_shift"],
                guidance_scales=[0.01],
                sample_labels="balanced",
            )
        )
        # Two outputs: the utility table, and the set to keep.
        evaluated = sets | "Evaluate" >> evaluate(
            output=f"{output}/evaluation",
            cohort=f"{output}/cohort",
            evaluation_models=["gru"],
            evaluation_seeds=2,
        )
        _ = (
            evaluated["output"]
            | "Score" >> beam.Map(lambda row: (row.protocol, row.auroc.mean))
            | "Print" >> beam.Map(print)
        )
        _ = (
            evaluated["chosen"]
            | "Read windows" >> read_synthetic(channels=CHANNELS)
            | "Write" >> beam.io.WriteToText(f"{output}/steps")
        )


if __name__ == "__main__":
    main()
