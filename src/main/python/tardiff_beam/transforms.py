"""The transforms of tardiff-beam.

Generated from the schemas of the Java transforms by
``mvn -q compile exec:java@python-transforms``. Change those, not this file.
"""

from collections.abc import Sequence
from typing import Literal, Optional

from tardiff_beam._external import ErrorHandling, Service, Transform

__all__ = [
    "BuildCohort",
    "BuildSeriesCohort",
    "Evaluate",
    "ExportCohort",
    "Generate",
    "ImportSynthetic",
    "ParseFhir",
    "ParseTable",
    "ReadEicu",
    "ReadFhir",
    "ReadMeds",
    "ReadMimic3",
    "ReadMimic4",
    "ReadOmop",
    "ReadPhysionet2012",
    "ReadRicu",
    "ReadSimulated",
    "ReadSynthetic",
    "ReadTables",
    "Select",
    "Train",
]


class BuildCohort(Transform):
    """Builds a cohort from events: windows of every stay, split by subject. Events are
    rows of subject_id and code and, if known, stay_id, time, numeric_value, text_value
    and unit; a time may be ISO 8601 text. Outputs one row once the cohort is complete:
    cohort (its directory), hash, train_windows, tuning_windows and held_out_windows.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        dropped_threshold: Share of a channel's dropped values, 0 to 1, above which
            the run fails; 1 never fails. Default: 0.5.
        dropped_warning: Share of a channel's values, 0 to 1, above which the run
            warns that they were dropped: not numbers, in an unknown unit, of a stay
            without an admission, beyond the outlier range. Default: 0.05.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        imputation: How the gaps of a window are filled, with statistics of the
            train split. One of forward_median, forward_normal, mean, linear, none.
            Default: forward_median.
        normalisation: How channels are scaled for the networks, fitted on the train
            split. One of z_score, min_max, robust, quantile. Default: z_score.
        split: Percent of subjects in train, tuning and held_out. A split that the
            source publishes takes precedence. Default: 60, 20, 20.
        split_seed: Seed of the split of subjects, so that it can stay the same
            while seed changes. Default: 0.
        step_minutes: Minutes per step. Default: that of the task.
        steps: Steps per window. Default: that of the task, or of the recordings.
        stratified: Whether each class is split by split separately, rather than all
            subjects together. Default: false.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        train_labels: Share of the labels of train that are used, or one share for
            each class, such as 1,0.25: to learn what labels are worth. Windows whose
            label is set aside are windows without a label, see unlabelled. Default: 1.
        unlabelled: Windows whose label is not known, for lack of evidence: drop
            them, or let those of train subjects train the denoiser, which then learns
            from more patients. Of the rest only the baseline self_training uses them.
            Not for recordings, all of which have a label. One of drop, train. Default:
            drop.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        window_shards: Number of files for the windows of each split. Default: 8.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:build_cohort:v1"

    def __init__(
        self,
        *,
        output: str,
        channels: Optional[Sequence[str]] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        dropped_threshold: Optional[float] = None,
        dropped_warning: Optional[float] = None,
        error_handling: Optional[ErrorHandling] = None,
        imputation: Optional[Literal["forward_median", "forward_normal", "mean", "linear", "none"]] = None,
        normalisation: Optional[Literal["z_score", "min_max", "robust", "quantile"]] = None,
        split: Optional[Sequence[float]] = None,
        split_seed: Optional[int] = None,
        step_minutes: Optional[int] = None,
        steps: Optional[int] = None,
        stratified: Optional[bool] = None,
        task: Optional[str] = None,
        train_labels: Optional[Sequence[float]] = None,
        unlabelled: Optional[Literal["drop", "train"]] = None,
        vocabulary: Optional[str] = None,
        window_shards: Optional[int] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            output=output,
            channels=channels,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            dropped_threshold=dropped_threshold,
            dropped_warning=dropped_warning,
            error_handling=error_handling,
            imputation=imputation,
            normalisation=normalisation,
            split=split,
            split_seed=split_seed,
            step_minutes=step_minutes,
            steps=steps,
            stratified=stratified,
            task=task,
            train_labels=train_labels,
            unlabelled=unlabelled,
            vocabulary=vocabulary,
            window_shards=window_shards,
        )


class BuildSeriesCohort(Transform):
    """Reads labelled recordings and builds a cohort from them: each recording is a
    window with its class as the label. The files must exist when the pipeline is built,
    because they determine the channels. Outputs one row, like build_cohort.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        source: Layout of the recordings: medformer (APAVA, TDBrain, ADFTD or PTB as
            arrays) or ucr_uea (a set of the UCR and UEA archives). One of medformer,
            ucr_uea.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        imputation: How the gaps of a window are filled, with statistics of the
            train split. One of forward_median, forward_normal, mean, linear, none.
            Default: forward_median.
        normalisation: How channels are scaled for the networks, fitted on the train
            split. One of z_score, min_max, robust, quantile. Default: z_score.
        sampling_rate: Samples per second of a set of recordings. Default: 256.
        signal_splits: Published split of the subjects of a Medformer set. Default:
            by split. One of apava, tdbrain, adftd, ptb.
        split: Percent of subjects in train, tuning and held_out. A split that the
            source publishes takes precedence. Default: 60, 20, 20.
        split_seed: Seed of the split of subjects, so that it can stay the same
            while seed changes. Default: 0.
        steps: Steps per window. Default: that of the task, or of the recordings.
        stratified: Whether each class is split by split separately, rather than all
            subjects together. Default: false.
        train_labels: Share of the labels of train that are used, or one share for
            each class, such as 1,0.25: to learn what labels are worth. Windows whose
            label is set aside are windows without a label, see unlabelled. Default: 1.
        unlabelled: Windows whose label is not known, for lack of evidence: drop
            them, or let those of train subjects train the denoiser, which then learns
            from more patients. Of the rest only the baseline self_training uses them.
            Not for recordings, all of which have a label. One of drop, train. Default:
            drop.
        window_shards: Number of files for the windows of each split. Default: 8.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:build_series_cohort:v1"

    def __init__(
        self,
        *,
        input: str,
        output: str,
        source: Literal["medformer", "ucr_uea"],
        dead_letter_threshold: Optional[float] = None,
        error_handling: Optional[ErrorHandling] = None,
        imputation: Optional[Literal["forward_median", "forward_normal", "mean", "linear", "none"]] = None,
        normalisation: Optional[Literal["z_score", "min_max", "robust", "quantile"]] = None,
        sampling_rate: Optional[float] = None,
        signal_splits: Optional[Literal["apava", "tdbrain", "adftd", "ptb"]] = None,
        split: Optional[Sequence[float]] = None,
        split_seed: Optional[int] = None,
        steps: Optional[int] = None,
        stratified: Optional[bool] = None,
        train_labels: Optional[Sequence[float]] = None,
        unlabelled: Optional[Literal["drop", "train"]] = None,
        window_shards: Optional[int] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            output=output,
            source=source,
            dead_letter_threshold=dead_letter_threshold,
            error_handling=error_handling,
            imputation=imputation,
            normalisation=normalisation,
            sampling_rate=sampling_rate,
            signal_splits=signal_splits,
            split=split,
            split_seed=split_seed,
            steps=steps,
            stratified=stratified,
            train_labels=train_labels,
            unlabelled=unlabelled,
            window_shards=window_shards,
        )


class Evaluate(Transform):
    """Measures utility, fidelity, plausibility and privacy of synthetic sets against
    the held-out windows of a cohort, and writes metrics.json, report.html and
    chosen.json. Takes rows of sets from generate, select or import_synthetic. The rows
    of output are the utility table: protocol, test, guidance_rule, guidance_scale,
    selection, origin, alpha, model, train_windows, auroc and auprc on the test windows,
    tuning_auroc and tuning_auprc (each with mean, sd and values), seeds, fit_seconds,
    gain and against_real. The row of chosen is the set to keep. With bounds such as
    min_tstr_auroc, the pipeline fails after the files are written if the chosen set
    does not meet one; there is then no output.

    Returns a dict of collections: "output", "chosen".

    Args:
        cohort: Directory of the cohort. It need not exist before the input is
            complete. Written as path.
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        accelerator: Accelerator of the workers that train, sample and fit
            downstream models; no other step requests one. For Dataflow: the direct
            runner and Flink ignore it. Written as type:TYPE;count:NUMBER;....
        alphas: Numbers of synthetic windows added in TSRTR, as shares of the number
            of real windows. Default: 0.2, 0.6, 1.
        baselines: What else to do with the real stays, for comparison with adding
            synthetic ones: half of the tuning stays join (guidance_set), weights by
            class, repeated stays of rare classes (oversampling), noise (jitter),
            mixtures (mixup), what the model says of stays without a label
            (self_training, with unlabelled=train). Each is fitted with every evaluation
            model and seed. One or more of guidance_set, class_weights, oversampling,
            jitter, mixup, self_training, none. Default: none.
        discriminators: Classifiers of the discriminative score, which try to tell
            synthetic from real windows: a decision forest on summaries of each channel,
            the GRU, both or none. The GRU takes as long as up to six fits of a
            downstream classifier per set. One of all, forest, gru, none. Default:
            forest.
        evaluation_models: Downstream classifiers. The first one is used to choose
            the guidance. Those with mask in their name also read which values were
            observed, or with time how long ago; they need sets with masks
            (missingness). One or more of gru, cnn, transformer, summary, logistic,
            gru_mask, gru_mask_time, cnn_mask, cnn_mask_time, transformer_mask,
            transformer_mask_time, summary_mask, summary_mask_time. Default: gru, cnn.
        evaluation_seeds: Number of times each downstream classifier is trained,
            each with another seed. Default: 3.
        max_closer_to_train: Highest share of windows that are closer to train than
            to held_out, 0 to 1; about 0.5 if nobody is copied. This and the other
            bounds are on the chosen set: the run writes its results, then fails if one
            is not met.
        max_copies: Highest number of exact copies of train windows.
        max_coverage_difference: Largest difference of the coverage to that of real
            windows, over channels and classes; for sets with masks.
        max_discriminative: Highest discriminative score, of the best classifier
            that tells samples from real windows, 0 to 0.5; 0 by chance.
        max_ks: Highest Kolmogorov-Smirnov statistic, mean over channels.
        max_membership_auc: Highest AUC of membership inference, of the better of
            two attacks, 0 to 1; 0.5 by chance.
        max_near_copies: Highest share of near copies of train windows, 0 to 1;
            about 0.01 by chance.
        max_observed_ks: Highest Kolmogorov-Smirnov statistic of observed values,
            mean over channels.
        min_sd_ratio: Lowest standard deviation divided by that of real windows,
            mean over channels; 1 if samples vary as much as real windows.
        min_tsrtr_gain: Lowest AUPRC of TSRTR minus that of TRTR, with the first
            evaluation model on held_out; at the alpha with the highest AUPRC on tuning.
        min_tstr_auprc: Lowest AUPRC of TSTR: mean over seeds of the first
            evaluation model on held_out.
        min_tstr_auroc: Lowest AUROC of TSTR: mean over seeds of the first
            evaluation model on held_out.
        purpose: What synthetic windows are for: to replace real windows, or to
            augment them. A set that replaces is chosen by models of synthetic windows
            alone (TSTR), a set that augments by models of real and synthetic windows
            (TSRTR) against real windows alone (TRTR). One of augment, replace. Default:
            replace.
        test_cohorts: Directories of other cohorts, such as of other hospitals, that
            downstream classifiers are also scored on: written by ingest with the same
            channels, steps and classes. All of their splits are test data, which the
            choice of a set never uses.
        worker_memory: Minimum memory of the workers that train, sample and fit
            downstream models. For Dataflow: the direct runner and Flink ignore it.
            Written as 16GB.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:evaluate:v1"

    def __init__(
        self,
        *,
        cohort: str,
        output: str,
        accelerator: Optional[str] = None,
        alphas: Optional[Sequence[float]] = None,
        baselines: Optional[Sequence[Literal["guidance_set", "class_weights", "oversampling", "jitter", "mixup", "self_training", "none"]]] = None,
        discriminators: Optional[Literal["all", "forest", "gru", "none"]] = None,
        evaluation_models: Optional[Sequence[Literal["gru", "cnn", "transformer", "summary", "logistic", "gru_mask", "gru_mask_time", "cnn_mask", "cnn_mask_time", "transformer_mask", "transformer_mask_time", "summary_mask", "summary_mask_time"]]] = None,
        evaluation_seeds: Optional[int] = None,
        max_closer_to_train: Optional[float] = None,
        max_copies: Optional[int] = None,
        max_coverage_difference: Optional[float] = None,
        max_discriminative: Optional[float] = None,
        max_ks: Optional[float] = None,
        max_membership_auc: Optional[float] = None,
        max_near_copies: Optional[float] = None,
        max_observed_ks: Optional[float] = None,
        min_sd_ratio: Optional[float] = None,
        min_tsrtr_gain: Optional[float] = None,
        min_tstr_auprc: Optional[float] = None,
        min_tstr_auroc: Optional[float] = None,
        purpose: Optional[Literal["augment", "replace"]] = None,
        test_cohorts: Optional[Sequence[str]] = None,
        worker_memory: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            cohort=cohort,
            output=output,
            accelerator=accelerator,
            alphas=alphas,
            baselines=baselines,
            discriminators=discriminators,
            evaluation_models=evaluation_models,
            evaluation_seeds=evaluation_seeds,
            max_closer_to_train=max_closer_to_train,
            max_copies=max_copies,
            max_coverage_difference=max_coverage_difference,
            max_discriminative=max_discriminative,
            max_ks=max_ks,
            max_membership_auc=max_membership_auc,
            max_near_copies=max_near_copies,
            max_observed_ks=max_observed_ks,
            min_sd_ratio=min_sd_ratio,
            min_tsrtr_gain=min_tsrtr_gain,
            min_tstr_auprc=min_tstr_auprc,
            min_tstr_auroc=min_tstr_auroc,
            purpose=purpose,
            test_cohorts=test_cohorts,
            worker_memory=worker_memory,
        )


class ExportCohort(Transform):
    """Writes the windows of a cohort for other tools, to export/ in its directory.
    Takes rows with a field cohort, its directory, and outputs rows like build_cohort
    once the files are written.

    Args:
        export: Formats to write. One or more of csv, parquet, npy.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:export_cohort:v1"

    def __init__(
        self,
        *,
        export: Sequence[Literal["csv", "parquet", "npy"]],
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            export=export,
        )


class Generate(Transform):
    """Samples synthetic, labelled windows from a model: an unguided set, and one for
    every guidance rule and scale. Takes one row with a field model, its directory, from
    train. Outputs a row for each complete set: name, directory, guidance_rule,
    guidance_scale, selection and samples (their number). read_synthetic reads the
    windows themselves.

    Args:
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        accelerator: Accelerator of the workers that train, sample and fit
            downstream models; no other step requests one. For Dataflow: the direct
            runner and Flink ignore it. Written as type:TYPE;count:NUMBER;....
        candidates: Samples among which candidates chooses each sample, 2 to 64.
            Sampling takes as many times as long. Default: 4.
        cohort: Directory of the cohort that the model is trained on; required if
            guidance_rules has moment or candidates, or soft_labels is above 0. It need
            not exist before the input is complete. Written as path.
        count: Synthetic windows per set. Default: as many as in train. Not with
            counts in sample_labels.
        eta: Share of fresh noise in a ddim step, 0 (none) to 1. Default: 0.7.
        guidance_at: Epoch of the target classifier whose weights the influence is
            computed with. Written as best or an epoch, from 1. Default: best.
        guidance_rules: Rules by which samples are guided: mean_shift (the paper)
            and interpolation (the authors' code) follow the influence on the target
            classifier, for sets that are added to real stays; moment and candidates
            match what the target classifier sees in real stays, for sets that replace
            them, by steering or by choosing one of several samples; or none, for the
            unguided set only. Default: none if purpose is replace, mean_shift and
            interpolation if it is augment. One or more of mean_shift, interpolation,
            moment, candidates, none.
        guidance_scales: Scales of mean_shift to try, each above 0. The unguided set
            (0) is always generated too. Default: 0.01, 0.03, 0.1.
        interpolation_scales: Scales of interpolation to try, each above 0 and at
            most 1; the authors' code uses 0.00001. Default: 0.00001, 0.0001, 0.001.
        label_guidance: Weight of the label in classifier-free guidance, above 0. 1
            uses the label alone; above 1, samples are more typical of their label and
            vary less, and sampling takes twice as long. Needs a model trained with
            label_dropout or on windows without a label. Default: 1.
        moment_pilot: Samples of each class that a round of that fit draws, at least
            16. Default: 512.
        moment_rounds: Maximum number of rounds in which moment and candidates are
            fitted, 1 to 50. The fit ends earlier if it no longer comes closer to the
            tuning split. Default: 12.
        moment_scales: Scales of moment and candidates to try, each above 0. At 1,
            the moments of the samples are fitted to those of real stays. Default: 1.
        pool_factor: Samples generated per sample that select keeps, at least 1. For
            a pool, use the same sample_labels and count as in select. Default: 1.
        purpose: What synthetic windows are for: to replace real windows, or to
            augment them. A set that replaces is chosen by models of synthetic windows
            alone (TSTR), a set that augments by models of real and synthetic windows
            (TSRTR) against real windows alone (TRTR). One of augment, replace. Default:
            replace.
        sample_labels: Labels of the synthetic windows: in the proportions of train,
            in equal numbers, or the given number of each. Written as as_train, balanced
            or 0=100,1=50. Default: as_train.
        sampler: Sampler: ddim with eta, or ddpm, the ancestral sampler, which is
            ddim with eta 1 and without variance_correction. One of ddim, ddpm. Default:
            ddim.
        sampling_batch: Windows sampled at once. Default: 256.
        sampling_steps: Reverse steps per sample; with fewer than noise_steps, steps
            of the schedule are skipped. Default: 20.
        seed: Seed of every random choice. The same inputs and seed give the same
            output. Default: 0.
        soft_label_weight: Weight of the teacher's probabilities in soft labels, 0
            to 1; the rest is that of the label. Default: 0.5.
        soft_labels: Number of classifiers, fitted to bootstraps of the train
            subjects, whose mean is the teacher that gives samples class probabilities
            beside their label, 0 to 100; 0: labels only. Models of the evaluation are
            fitted to the probabilities. Needs the cohort. Default: 0.
        variance_correction: Whether ddim steps restore the variance that predicting
            the mean removes. Default: true.
        worker_memory: Minimum memory of the workers that train, sample and fit
            downstream models. For Dataflow: the direct runner and Flink ignore it.
            Written as 16GB.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:generate:v1"

    def __init__(
        self,
        *,
        output: str,
        accelerator: Optional[str] = None,
        candidates: Optional[int] = None,
        cohort: Optional[str] = None,
        count: Optional[int] = None,
        eta: Optional[float] = None,
        guidance_at: Optional[str] = None,
        guidance_rules: Optional[Sequence[Literal["mean_shift", "interpolation", "moment", "candidates", "none"]]] = None,
        guidance_scales: Optional[Sequence[float]] = None,
        interpolation_scales: Optional[Sequence[float]] = None,
        label_guidance: Optional[float] = None,
        moment_pilot: Optional[int] = None,
        moment_rounds: Optional[int] = None,
        moment_scales: Optional[Sequence[float]] = None,
        pool_factor: Optional[float] = None,
        purpose: Optional[Literal["augment", "replace"]] = None,
        sample_labels: Optional[str] = None,
        sampler: Optional[Literal["ddim", "ddpm"]] = None,
        sampling_batch: Optional[int] = None,
        sampling_steps: Optional[int] = None,
        seed: Optional[int] = None,
        soft_label_weight: Optional[float] = None,
        soft_labels: Optional[int] = None,
        variance_correction: Optional[bool] = None,
        worker_memory: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            output=output,
            accelerator=accelerator,
            candidates=candidates,
            cohort=cohort,
            count=count,
            eta=eta,
            guidance_at=guidance_at,
            guidance_rules=guidance_rules,
            guidance_scales=guidance_scales,
            interpolation_scales=interpolation_scales,
            label_guidance=label_guidance,
            moment_pilot=moment_pilot,
            moment_rounds=moment_rounds,
            moment_scales=moment_scales,
            pool_factor=pool_factor,
            purpose=purpose,
            sample_labels=sample_labels,
            sampler=sampler,
            sampling_batch=sampling_batch,
            sampling_steps=sampling_steps,
            seed=seed,
            soft_label_weight=soft_label_weight,
            soft_labels=soft_labels,
            variance_correction=variance_correction,
            worker_memory=worker_memory,
        )


class ImportSynthetic(Transform):
    """Imports synthetic windows that another tool made, as sets that evaluate accepts.
    A set is *values.npy (windows, steps, channels) with *labels.npy, or Parquet with a
    row per step: sample_id, label, step and a column for each channel; values are in
    clinical units, as in the exports of this library. The location and the cohort must
    exist when the pipeline is built. Outputs rows of sets like generate.

    Args:
        cohort: Directory of the cohort that the windows must fit. Written as path.
        location: A file, a pattern of Parquet files, or a directory that holds a
            set itself or one in each of its subdirectories. Written as path.
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:import_synthetic:v1"

    def __init__(
        self,
        *,
        cohort: str,
        location: str,
        output: str,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            cohort=cohort,
            location=location,
            output=output,
        )


class ParseFhir(Transform):
    """Converts FHIR R4 resources, each a row with the JSON as its only field, to events
    with codes of the vocabulary fhir. If any of task, concepts, channels and vocabulary
    is set, only the events that build_cohort uses with the same settings are read;
    otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        encounter_classes: Encounter classes of a FHIR source that are hospital
            stays. In MIMIC-IV on FHIR, many have the class EMER. Default: IMP, ACUTE,
            NONAC, OBSENC.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:parse_fhir:v1"

    def __init__(
        self,
        *,
        channels: Optional[Sequence[str]] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        encounter_classes: Optional[Sequence[str]] = None,
        error_handling: Optional[ErrorHandling] = None,
        task: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            channels=channels,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            encounter_classes=encounter_classes,
            error_handling=error_handling,
            task=task,
            vocabulary=vocabulary,
        )


class ParseTable(Transform):
    """Converts rows of your own table to events by a mapping; names of columns are
    matched ignoring case. Codes are those of the mapping, with the vocabulary
    own_names. If any of task, concepts, channels and vocabulary is set, only the events
    that build_cohort uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        mapping: YAML file that describes the columns of your tables. Written as
            file.yaml.
        table: Name of the rows' table in the mapping.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:parse_table:v1"

    def __init__(
        self,
        *,
        mapping: str,
        table: str,
        channels: Optional[Sequence[str]] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        error_handling: Optional[ErrorHandling] = None,
        task: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            mapping=mapping,
            table=table,
            channels=channels,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            error_handling=error_handling,
            task=task,
            vocabulary=vocabulary,
        )


class ReadEicu(Transform):
    """Reads eICU-CRD 2.0, CSV, into events with codes of the vocabulary eicu. If any of
    task, concepts, channels and vocabulary is set, only the events that build_cohort
    uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_eicu:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        charset: Optional[str] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        null_words: Optional[Sequence[str]] = None,
        task: Optional[str] = None,
        time_format: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            charset=charset,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            null_words=null_words,
            task=task,
            time_format=time_format,
            vocabulary=vocabulary,
        )


class ReadFhir(Transform):
    """Reads a FHIR R4 bulk export, NDJSON, into events with codes of the vocabulary
    fhir. If any of task, concepts, channels and vocabulary is set, only the events that
    build_cohort uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        encounter_classes: Encounter classes of a FHIR source that are hospital
            stays. In MIMIC-IV on FHIR, many have the class EMER. Default: IMP, ACUTE,
            NONAC, OBSENC.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        max_record_megabytes: Largest size in MiB of what is read whole: a FHIR
            resource or bundle, a table of one subject. What is larger is a dead letter.
            A worker needs about ten times as much memory. Default: 16.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_fhir:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        encounter_classes: Optional[Sequence[str]] = None,
        error_handling: Optional[ErrorHandling] = None,
        max_record_megabytes: Optional[int] = None,
        task: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            encounter_classes=encounter_classes,
            error_handling=error_handling,
            max_record_megabytes=max_record_megabytes,
            task=task,
            vocabulary=vocabulary,
        )


class ReadMeds(Transform):
    """Reads MEDS 0.4 into events with codes of the vocabulary meds_mimic4. If any of
    task, concepts, channels and vocabulary is set, only the events that build_cohort
    uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        task_labels: Labels of a MEDS source: a task in its folder labels, or
            another directory. Default: the only task there. Written as task or
            directory.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_meds:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        error_handling: Optional[ErrorHandling] = None,
        task: Optional[str] = None,
        task_labels: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            error_handling=error_handling,
            task=task,
            task_labels=task_labels,
            vocabulary=vocabulary,
        )


class ReadMimic3(Transform):
    """Reads MIMIC-III 1.4, CSV, into events with codes of the vocabulary mimic3. If any
    of task, concepts, channels and vocabulary is set, only the events that build_cohort
    uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_mimic3:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        charset: Optional[str] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        null_words: Optional[Sequence[str]] = None,
        task: Optional[str] = None,
        time_format: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            charset=charset,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            null_words=null_words,
            task=task,
            time_format=time_format,
            vocabulary=vocabulary,
        )


class ReadMimic4(Transform):
    """Reads MIMIC-IV 2.x or 3.x, hosp/ and icu/, into events with codes of the
    vocabulary mimic4. If any of task, concepts, channels and vocabulary is set, only
    the events that build_cohort uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_mimic4:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        charset: Optional[str] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        null_words: Optional[Sequence[str]] = None,
        task: Optional[str] = None,
        time_format: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            charset=charset,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            null_words=null_words,
            task=task,
            time_format=time_format,
            vocabulary=vocabulary,
        )


class ReadOmop(Transform):
    """Reads OMOP CDM 5.3 or 5.4, CSV, into events with codes of the vocabulary omop. If
    any of task, concepts, channels and vocabulary is set, only the events that
    build_cohort uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        hospital_visits: Visit concepts of an OMOP source that are hospital stays.
            In MIMIC-IV in OMOP, most have the concept 8870. Default: 9201, 262, 8717.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_omop:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        charset: Optional[str] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        hospital_visits: Optional[Sequence[str]] = None,
        null_words: Optional[Sequence[str]] = None,
        task: Optional[str] = None,
        time_format: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            charset=charset,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            hospital_visits=hospital_visits,
            null_words=null_words,
            task=task,
            time_format=time_format,
            vocabulary=vocabulary,
        )


class ReadPhysionet2012(Transform):
    """Reads the PhysioNet/CinC Challenge 2012 into events with codes of the vocabulary
    physionet2012.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_physionet2012:v1"

    def __init__(
        self,
        *,
        input: str,
        charset: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        null_words: Optional[Sequence[str]] = None,
        time_format: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            charset=charset,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            null_words=null_words,
            time_format=time_format,
        )


class ReadRicu(Transform):
    """Reads a cohort of ricu in the layout of YAIB, Parquet, into events with codes of
    the vocabulary ricu. If any of task, concepts, channels and vocabulary is set, only
    the events that build_cohort uses with the same settings are read; otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        time_unit: Unit of the times of a cohort of ricu that are plain numbers;
            durations have their own. Default: hours. One of seconds, minutes, hours,
            days.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_ricu:v1"

    def __init__(
        self,
        *,
        input: str,
        channels: Optional[Sequence[str]] = None,
        charset: Optional[str] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        null_words: Optional[Sequence[str]] = None,
        task: Optional[str] = None,
        time_format: Optional[str] = None,
        time_unit: Optional[Literal["seconds", "minutes", "hours", "days"]] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            channels=channels,
            charset=charset,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            null_words=null_words,
            task=task,
            time_format=time_format,
            time_unit=time_unit,
            vocabulary=vocabulary,
        )


class ReadSimulated(Transform):
    """Simulates an intensive care unit with codes of the vocabulary physionet2012, to
    try a pipeline without data.

    Args:
        simulation_seed: Seed of the simulation, so that the stays can stay the same
            while seed changes. Default: 0.
        stays: Number of simulated stays. Default: 4000.
        unknown_outcomes: Share of the simulated stays, 0 to 1, whose outcome is not
            stated, for trying unlabelled. Default: 0.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_simulated:v1"

    def __init__(
        self,
        *,
        simulation_seed: Optional[int] = None,
        stays: Optional[int] = None,
        unknown_outcomes: Optional[float] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            simulation_seed=simulation_seed,
            stays=stays,
            unknown_outcomes=unknown_outcomes,
        )


class ReadSynthetic(Transform):
    """Reads the windows of synthetic sets, to write them to BigQuery, Parquet or
    elsewhere. Takes rows of sets from generate, select or the output chosen of
    evaluate. Outputs a row for each window: name (of the set), sample_id, label, steps,
    step_minutes, channels, units, values, step by step, in clinical units, mask,
    whether each was observed, static_names and statics, in clinical units, NaN where
    unknown, and probabilities, the soft label; both are empty in a set without them.
    With the field channels, a row for each step: name, sample_id, label, step (from 0),
    and a column for each channel, static covariate or class probability.

    Args:
        channels: Channels of the sets that become columns, in this order;
            HR_observed is a column that says whether HR was observed; Age is one with a
            static covariate, the same in all rows of a window, and p_1 one with the
            probability of class 1 in the soft label, for sets that have them. Without
            it, each window is one row.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_synthetic:v1"

    def __init__(
        self,
        *,
        channels: Optional[Sequence[str]] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            channels=channels,
        )


class ReadTables(Transform):
    """Reads your own tables, CSV, Parquet or Avro, with a mapping into events with
    codes of the vocabulary own_names. If any of task, concepts, channels and vocabulary
    is set, only the events that build_cohort uses with the same settings are read;
    otherwise all.

    Returns a collection. With error_handling, returns a dict of collections: "output"
    and the dead letters under the name in error_handling.

    Args:
        input: Directory of the source's files, on any Beam file system. Written as
            directory.
        mapping: YAML file that describes the columns of your tables. Written as
            file.yaml.
        channels: Channels of a window, in order, by their names in the concept
            dictionary. Default: HR, SBP, DBP, MAP, RR, Temp, SpO2, Urine, GCS.
        charset: Character set of text tables, such as windows-1252. Default: that
            of the byte order mark, else UTF-8, with ISO-8859-1 for lines that are not
            UTF-8. Written as name.
        concepts: YAML file of concepts and source codes, added to the built-in
            ones; entries of the same name are replaced. Written as file.
        dead_letter_threshold: Largest share of input rows that may be malformed, 0
            to 1. Malformed rows go to the dead-letter output with the reason; a larger
            share fails the run. Default: 0.01.
        decimal: Decimal mark of the numbers in text tables. Default: a point;
            numbers with a comma are then counted as text. Written as . or ,.
        delimiter: Delimiter of the fields of text tables, one character or tab.
            Default: comma, or as detected from the header. Written as character or tab.
        error_handling: Name of the output for malformed rows: source, line, reason
            and count, never a value. Without it, they are only counted.
        max_record_megabytes: Largest size in MiB of what is read whole: a FHIR
            resource or bundle, a table of one subject. What is larger is a dead letter.
            A worker needs about ten times as much memory. Default: 16.
        null_words: Words that mean a missing value in text tables, besides NULL,
            NA, NaN, None, \\N and empty cells.
        task: What is predicted from which part of a stay: a built-in task, or a
            YAML file. Written as name or file.yaml. Default: in_hospital_mortality.
        time_format: Format of times in text tables, such as dd.MM.yyyy HH:mm, or
            iso for ISO 8601; several are separated by a vertical bar. Default: iso.
            Written as pattern.
        vocabulary: Vocabulary of the codes, if not that of the source; concepts can
            define one. Written as name. Default: physionet2012.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:read_tables:v1"

    def __init__(
        self,
        *,
        input: str,
        mapping: str,
        channels: Optional[Sequence[str]] = None,
        charset: Optional[str] = None,
        concepts: Optional[str] = None,
        dead_letter_threshold: Optional[float] = None,
        decimal: Optional[str] = None,
        delimiter: Optional[str] = None,
        error_handling: Optional[ErrorHandling] = None,
        max_record_megabytes: Optional[int] = None,
        null_words: Optional[Sequence[str]] = None,
        task: Optional[str] = None,
        time_format: Optional[str] = None,
        vocabulary: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            input=input,
            mapping=mapping,
            channels=channels,
            charset=charset,
            concepts=concepts,
            dead_letter_threshold=dead_letter_threshold,
            decimal=decimal,
            delimiter=delimiter,
            error_handling=error_handling,
            max_record_megabytes=max_record_megabytes,
            null_words=null_words,
            task=task,
            time_format=time_format,
            vocabulary=vocabulary,
        )


class Select(Transform):
    """Selects from each pool the samples that together look most like the real windows
    to the target classifier (herding), and writes an unselected baseline of as many
    samples. Takes and outputs rows of sets like those of generate, which samples the
    pools with a pool_factor.

    Args:
        cohort: Directory of the cohort. It need not exist before the input is
            complete. Written as path.
        model: Directory of the model written by train. Written as path.
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        count: Synthetic windows per set. Default: as many as in train. Not with
            counts in sample_labels.
        fourier_features: Number of random Fourier features per window, 8 to 65536;
            more match in more detail. Default: 1024.
        herd_shards: Number of parts of each class's pool that are herded in
            parallel; 0 for one per 8,192 samples. Default: 0.
        minimum_distance: Minimum distance of a kept sample to its nearest train
            window, in units of the median distance of tuning windows to theirs; 0 for
            no minimum. Default: 0.
        sample_labels: Labels of the synthetic windows: in the proportions of train,
            in equal numbers, or the given number of each. Written as as_train, balanced
            or 0=100,1=50. Default: as_train.
        seed: Seed of every random choice. The same inputs and seed give the same
            output. Default: 0.
        selection_features: Points in the target classifier's training whose
            features are compared. One or more of first, best, last. Default: first,
            best, last.
        selection_target: Real windows that the selection is to match: train, or
            train and tuning. One or more of train, tuning. Default: train, tuning.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:select:v1"

    def __init__(
        self,
        *,
        cohort: str,
        model: str,
        output: str,
        count: Optional[int] = None,
        fourier_features: Optional[int] = None,
        herd_shards: Optional[int] = None,
        minimum_distance: Optional[float] = None,
        sample_labels: Optional[str] = None,
        seed: Optional[int] = None,
        selection_features: Optional[Sequence[Literal["first", "best", "last"]]] = None,
        selection_target: Optional[Sequence[Literal["train", "tuning"]]] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            cohort=cohort,
            model=model,
            output=output,
            count=count,
            fourier_features=fourier_features,
            herd_shards=herd_shards,
            minimum_distance=minimum_distance,
            sample_labels=sample_labels,
            seed=seed,
            selection_features=selection_features,
            selection_target=selection_target,
        )


class Train(Transform):
    """Trains the denoiser and the target classifier on a cohort. Takes one row with a
    field cohort, its directory, from build_cohort. Outputs one row once the models are
    complete: model (their directory), id, best_epoch and epochs of the target
    classifier. Running it again reuses complete models or resumes from the last
    checkpoint.

    Args:
        output: Directory to write the results to, on any Beam file system. Written
            as path.
        accelerator: Accelerator of the workers that train, sample and fit
            downstream models; no other step requests one. For Dataflow: the direct
            runner and Flink ignore it. Written as type:TYPE;count:NUMBER;....
        batch_size: Windows per training step. Default: 128.
        checkpoint_seconds: Seconds between checkpoints, from which a killed run
            resumes. Default: 60.
        class_weighting: Whether every class has the same weight in the classifier's
            loss, whatever its number of windows. Default: false.
        classifier: Network of the target classifier; summary is dense layers on the
            mean, standard deviation, slope, first and last value and extremes of each
            channel. One of gru, cnn, transformer, summary. Default: gru.
        classifier_average_decay: Decay of the moving average over steps of the
            classifier's weights, 0 to below 1. The averaged weights are measured and
            kept; 0 keeps the weights themselves. Default: 0.999.
        classifier_epochs: Maximum number of epochs of the target classifier. The
            weights of the epoch that is best on tuning (classifierStopBy) are kept.
            Default: 20.
        classifier_inputs: What the target classifier reads: the values with gaps
            filled; also which of them were observed; or also the time since each
            channel was last observed. Needs masks (missingness) unless it reads values
            only. One of values, values_mask, values_mask_time. Default: values.
        classifier_learning_rate_schedule: Learning rate of the classifier:
            constant, or falling along a cosine to 0 at the end of classifierEpochs. One
            of constant, cosine. Default: constant.
        classifier_stop_by: What decides on tuning which epoch is the best, and when
            training stops: loss, the mean cross-entropy, with class weights if
            classWeighting is set; or auprc. One of loss, auprc. Default: loss.
        classifier_weight_decay: Share of the classifier's weights, times the
            learning rate, that every step subtracts from them (AdamW). Default: 0.
        denoiser: Size of the denoiser: tiny (for trying things out), small (about
            1.5 million weights, for CPUs) or paper (the size of the TarDiff paper, for
            GPUs). One of tiny, small, paper. Default: small.
        ema_decay: Decay of the moving average of the weights that sampling uses, 0
            to below 1. Default: 0.999.
        generate_statics: Whether samples get static covariates (age, sex, height,
            weight, or those of the cohort), made together with their values and labels.
            Without it, or without any in the cohort, samples have none. Default: false.
        guidance_over: How the guidance direction is averaged over the tuning split:
            over all windows, or balanced, where every class has the same weight. One of
            all, balanced. Default: all.
        label_dropout: Share of the labels, 0 to below 1, that training replaces by
            the null class, which stands for any label and which label_guidance needs.
            Default: 0.1 if the cohort has windows without a label, which have the null
            class, else 0.
        learning_rate: Peak learning rate of the denoiser, with warm-up and cosine
            decay. Default: 0.0005.
        local_steps: Steps that each of several trainers takes between two exchanges
            of weights: a round, which is a pipeline step and the most that a lost
            worker costs. Default: 100.
        loss: Loss between the noise and its prediction: mean absolute (l1) or
            squared (l2) error. One of l1, l2. Default: l2.
        missingness: What the denoiser makes of values that were not observed:
            filled windows, all of whose values count as observed, or masks, which are
            made together with the values and say which are observed. The gaps of
            samples with masks are filled like those of the cohort. A cohort without
            gaps gives filled windows either way. Use the prediction velocity with
            masks: with noise, values vary too much. One of masks, filled. Default:
            filled.
        noise_schedule: Shape of the noise schedule. One of linear, cosine. Default:
            linear.
        noise_steps: Number of steps of the noise schedule. Default: 200.
        outer_learning_rate: Learning rate, above 0 to 1, of the step that the
            common weights take towards the mean of several trainers after a round.
            Default: 0.7.
        outer_momentum: Momentum of that step, 0 to below 1; 0 with a learning rate
            of 1 is plain averaging. Default: 0.6.
        prediction: What the denoiser predicts: the noise, or the velocity, from
            which the noise follows. Velocity is better for short trainings, where
            samples of a noise model vary too much; after long trainings its samples
            vary less than those of a noise model. One of noise, velocity. Default:
            noise.
        round_minutes: Minutes after which a training round hands over to the next.
            Default: 60.
        seed: Seed of every random choice. The same inputs and seed give the same
            output. Default: 0.
        trainers: Number of workers that train the denoiser together. Each has its
            own files of the train split and takes its share of the training steps, and
            they average their weights from time to time (DiLoCo), so that training
            takes a fraction of the time. The weights depend on this number. Use 1
            unless the cohort and the network are large. Default: 1.
        training_rounds: Number of pipeline steps over which the training of the
            denoiser is spread, each at most round_minutes long except the last. For
            runners that give up on a worker if one element takes hours. The weights do
            not depend on it. Default: 1.
        training_steps: Training steps of the denoiser. Default: 4000.
        worker_memory: Minimum memory of the workers that train, sample and fit
            downstream models. For Dataflow: the direct runner and Flink ignore it.
            Written as 16GB.
        expansion_service: Jar with the Java transforms, or host:port of a running
            expansion service. Default: the jar of `tardiff_beam.find_jar`.
    """

    IDENTIFIER = "beam:schematransform:io.tardiff:train:v1"

    def __init__(
        self,
        *,
        output: str,
        accelerator: Optional[str] = None,
        batch_size: Optional[int] = None,
        checkpoint_seconds: Optional[int] = None,
        class_weighting: Optional[bool] = None,
        classifier: Optional[Literal["gru", "cnn", "transformer", "summary"]] = None,
        classifier_average_decay: Optional[float] = None,
        classifier_epochs: Optional[int] = None,
        classifier_inputs: Optional[Literal["values", "values_mask", "values_mask_time"]] = None,
        classifier_learning_rate_schedule: Optional[Literal["constant", "cosine"]] = None,
        classifier_stop_by: Optional[Literal["loss", "auprc"]] = None,
        classifier_weight_decay: Optional[float] = None,
        denoiser: Optional[Literal["tiny", "small", "paper"]] = None,
        ema_decay: Optional[float] = None,
        generate_statics: Optional[bool] = None,
        guidance_over: Optional[Literal["all", "balanced"]] = None,
        label_dropout: Optional[float] = None,
        learning_rate: Optional[float] = None,
        local_steps: Optional[int] = None,
        loss: Optional[Literal["l1", "l2"]] = None,
        missingness: Optional[Literal["masks", "filled"]] = None,
        noise_schedule: Optional[Literal["linear", "cosine"]] = None,
        noise_steps: Optional[int] = None,
        outer_learning_rate: Optional[float] = None,
        outer_momentum: Optional[float] = None,
        prediction: Optional[Literal["noise", "velocity"]] = None,
        round_minutes: Optional[int] = None,
        seed: Optional[int] = None,
        trainers: Optional[int] = None,
        training_rounds: Optional[int] = None,
        training_steps: Optional[int] = None,
        worker_memory: Optional[str] = None,
        expansion_service: Optional[Service] = None,
    ) -> None:
        super().__init__(
            expansion_service,
            output=output,
            accelerator=accelerator,
            batch_size=batch_size,
            checkpoint_seconds=checkpoint_seconds,
            class_weighting=class_weighting,
            classifier=classifier,
            classifier_average_decay=classifier_average_decay,
            classifier_epochs=classifier_epochs,
            classifier_inputs=classifier_inputs,
            classifier_learning_rate_schedule=classifier_learning_rate_schedule,
            classifier_stop_by=classifier_stop_by,
            classifier_weight_decay=classifier_weight_decay,
            denoiser=denoiser,
            ema_decay=ema_decay,
            generate_statics=generate_statics,
            guidance_over=guidance_over,
            label_dropout=label_dropout,
            learning_rate=learning_rate,
            local_steps=local_steps,
            loss=loss,
            missingness=missingness,
            noise_schedule=noise_schedule,
            noise_steps=noise_steps,
            outer_learning_rate=outer_learning_rate,
            outer_momentum=outer_momentum,
            prediction=prediction,
            round_minutes=round_minutes,
            seed=seed,
            trainers=trainers,
            training_rounds=training_rounds,
            training_steps=training_steps,
            worker_memory=worker_memory,
        )
