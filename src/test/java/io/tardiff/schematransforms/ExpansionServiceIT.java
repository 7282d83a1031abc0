package io.tardiff.schematransforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tardiff.templates.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.model.expansion.v1.ExpansionApi.ExpansionRequest;
import org.apache.beam.model.expansion.v1.ExpansionApi.ExpansionResponse;
import org.apache.beam.model.expansion.v1.ExpansionServiceGrpc;
import org.apache.beam.model.fnexecution.v1.BeamFnApi;
import org.apache.beam.model.fnexecution.v1.BeamFnControlGrpc;
import org.apache.beam.model.fnexecution.v1.BeamFnExternalWorkerPoolGrpc;
import org.apache.beam.model.fnexecution.v1.BeamFnLoggingGrpc;
import org.apache.beam.model.pipeline.v1.Endpoints.ApiServiceDescriptor;
import org.apache.beam.model.pipeline.v1.ExternalTransforms.ExpansionMethods;
import org.apache.beam.model.pipeline.v1.ExternalTransforms.SchemaTransformPayload;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.SchemaTranslation;
import org.apache.beam.sdk.util.construction.BeamUrns;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.vendor.grpc.v1p69p0.com.google.protobuf.ByteString;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.ManagedChannel;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.ManagedChannelBuilder;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.Server;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.netty.NettyServerBuilder;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts the jar for Beam YAML and Python as Beam's Python SDK does: one process expands a
 * transform and runs the worker. If the worker lacks a class, it stops before it connects to the
 * runner, and the runner waits forever.
 */
class ExpansionServiceIT {
  private static final Path JAR =
      Path.of("target/tardiff-beam-" + Version.get() + "-expansion-service.jar");
  private static final long SECONDS = 120;

  @Test
  void workerFromTheJarConnectsToTheRunner(@TempDir Path directory) throws Exception {
    assumeTrue(Files.exists(JAR), JAR + " is not there: mvn package -Pexpansion-service makes it");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path log = directory.resolve("service.log");
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString(),
                Integer.toString(port),
                "--filesToStage=" + JAR,
                "--alsoStartLoopbackWorker")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runner runner = new Runner();
    Server server =
        NettyServerBuilder.forPort(0).addService(runner).addService(new Logs()).build().start();
    try {
      ExpansionResponse expanded = expandSimulation("localhost:" + port);
      assertThat(expanded.getError(), is(emptyString()));
      startWorker(worker(expanded.getComponents()), "localhost:" + server.getPort());
      StreamObserver<BeamFnApi.InstructionRequest> worker =
          runner.worker.completeOnTimeout(null, SECONDS, TimeUnit.SECONDS).get();
      assertThat("a worker connects:\n" + Files.readString(log), worker, is(notNullValue()));
      worker.onNext(
          BeamFnApi.InstructionRequest.newBuilder()
              .setInstructionId("1")
              .setHarnessMonitoringInfos(
                  BeamFnApi.HarnessMonitoringInfosRequest.getDefaultInstance())
              .build());
      BeamFnApi.InstructionResponse answer = runner.answers.poll(SECONDS, TimeUnit.SECONDS);
      assertThat("it answers:\n" + Files.readString(log), answer, is(notNullValue()));
      assertThat(answer.getError(), is(emptyString()));
      worker.onCompleted();
    } finally {
      server.shutdownNow();
      service.destroy();
      service.waitFor(SECONDS, TimeUnit.SECONDS);
    }
    assertThat(Files.readString(log), not(containsString("NoClassDefFoundError")));
    assertThat(Files.readString(log), not(containsString("ManagedChannel allocation site")));
  }

  private static ExpansionResponse expandSimulation(String address) throws Exception {
    Provider<?> provider = Given.provider("read_simulated");
    Row row = Given.row(provider.configurationSchema(), Map.of("stays", 10));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RowCoder.of(row.getSchema()).encode(row, bytes);
    RunnerApi.PTransform transform =
        RunnerApi.PTransform.newBuilder()
            .setUniqueName("Simulate")
            .setSpec(
                RunnerApi.FunctionSpec.newBuilder()
                    .setUrn(BeamUrns.getUrn(ExpansionMethods.Enum.SCHEMA_TRANSFORM))
                    .setPayload(
                        SchemaTransformPayload.newBuilder()
                            .setIdentifier(provider.identifier())
                            .setConfigurationSchema(
                                SchemaTranslation.schemaToProto(row.getSchema(), true))
                            .setConfigurationRow(ByteString.copyFrom(bytes.toByteArray()))
                            .build()
                            .toByteString()))
            .build();
    ManagedChannel channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    try {
      return ExpansionServiceGrpc.newBlockingStub(channel)
          .withWaitForReady()
          .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
          .expand(
              ExpansionRequest.newBuilder().setNamespace("test").setTransform(transform).build());
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** Returns the address at which the service starts workers in its own process. */
  private static String worker(RunnerApi.Components components) throws IOException {
    String external = BeamUrns.getUrn(RunnerApi.StandardEnvironments.Environments.EXTERNAL);
    for (RunnerApi.Environment choice : components.getEnvironmentsMap().values()) {
      for (RunnerApi.Environment environment :
          RunnerApi.AnyOfEnvironmentPayload.parseFrom(choice.getPayload()).getEnvironmentsList()) {
        if (environment.getUrn().equals(external)) {
          return RunnerApi.ExternalPayload.parseFrom(environment.getPayload())
              .getEndpoint()
              .getUrl();
        }
      }
    }
    throw new AssertionError("no worker is offered among " + components.getEnvironmentsMap());
  }

  private static void startWorker(String pool, String runner) throws InterruptedException {
    ApiServiceDescriptor endpoint = ApiServiceDescriptor.newBuilder().setUrl(runner).build();
    ManagedChannel channel = ManagedChannelBuilder.forTarget(pool).usePlaintext().build();
    try {
      BeamFnApi.StartWorkerResponse started =
          BeamFnExternalWorkerPoolGrpc.newBlockingStub(channel)
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .startWorker(
                  BeamFnApi.StartWorkerRequest.newBuilder()
                      .setWorkerId("worker")
                      .setControlEndpoint(endpoint)
                      .setLoggingEndpoint(endpoint)
                      .build());
      assertThat(started.getError(), is(emptyString()));
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** The control service of a runner. */
  private static final class Runner extends BeamFnControlGrpc.BeamFnControlImplBase {
    private final CompletableFuture<StreamObserver<BeamFnApi.InstructionRequest>> worker =
        new CompletableFuture<>();
    private final BlockingQueue<BeamFnApi.InstructionResponse> answers =
        new LinkedBlockingQueue<>();

    @Override
    public StreamObserver<BeamFnApi.InstructionResponse> control(
        StreamObserver<BeamFnApi.InstructionRequest> requests) {
      worker.complete(requests);
      return new Received<>(answers);
    }
  }

  private static final class Logs extends BeamFnLoggingGrpc.BeamFnLoggingImplBase {
    @Override
    public StreamObserver<BeamFnApi.LogEntry.List> logging(
        StreamObserver<BeamFnApi.LogControl> control) {
      return new Received<>(new LinkedBlockingQueue<>());
    }
  }

  private record Received<T>(BlockingQueue<T> queue) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      queue.add(value);
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
