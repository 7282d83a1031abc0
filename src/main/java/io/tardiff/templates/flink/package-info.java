/**
 * Templates on a Flink session cluster: {@link io.tardiff.templates.flink.ClusterLauncher} is the
 * program within the job jar, which submits a job and returns; {@link
 * io.tardiff.templates.flink.FlinkSession} is the program that uploads the jar, starts and watches
 * jobs through Flink's REST interface, and needs none of Flink's jars.
 */
package io.tardiff.templates.flink;
