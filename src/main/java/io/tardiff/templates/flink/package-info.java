/**
 * Runs templates on a Flink session cluster. {@link io.tardiff.templates.flink.ClusterLauncher} is
 * the main class of the job jar, which submits a job and returns. {@link
 * io.tardiff.templates.flink.FlinkSession} uploads the jar, starts jobs and monitors them through
 * Flink's REST interface, without Flink's jars.
 */
package io.tardiff.templates.flink;
