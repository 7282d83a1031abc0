package io.tardiff.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * The devices TensorFlow uses in this process: the CPU, and any GPUs.
 *
 * <pre>{@code
 * LOG.info("Training on {}", Devices.describe());   // CPU, or GPU:0 (76,321 MiB)
 * }</pre>
 *
 * <p>There is no setting: with the native library for GPUs (the build property {@code
 * tensorflow.platform}) and a driver that it can load, every op with a GPU kernel runs on the GPU.
 * Otherwise TensorFlow logs the reason once, and everything runs on the CPU. GPU memory is
 * allocated as needed, not all at once.
 */
public final class Devices {
  private static final String CPU = "CPU";
  private static final String PREFIX = "/device:";

  private Devices() {}

  /** A device, with its TensorFlow name such as {@code GPU:0}, and its memory. */
  public record Device(String name, String type, long memoryBytes) {
    String describe() {
      return type.equals(CPU)
          ? CPU
          : String.format(Locale.ROOT, "%s (%,d MiB)", name, memoryBytes >> 20);
    }
  }

  /** Describes the GPUs, or the CPU if there are none. */
  public static String describe() {
    List<Device> all = all();
    List<Device> accelerators = all.stream().filter(device -> !device.type().equals(CPU)).toList();
    return String.join(
        ", ",
        (accelerators.isEmpty() ? all : accelerators)
            .stream().map(Device::describe).distinct().toList());
  }

  /**
   * Returns all devices, including the CPU.
   *
   * @throws IllegalStateException if TensorFlow cannot list them
   */
  public static List<Device> all() {
    // TensorFlow Java has no public API for this. The first caller creates the devices of the
    // process, so use the configuration of the sessions.
    byte[] configuration = GraphSession.configuration(false).toByteArray();
    TF_Status status = TF_Status.newStatus();
    TFE_ContextOptions options = tensorflow.TFE_NewContextOptions();
    try (BytePointer bytes = new BytePointer(configuration)) {
      tensorflow.TFE_ContextOptionsSetConfig(options, bytes, configuration.length, status);
      status.throwExceptionIfNotOK();
      TFE_Context context = tensorflow.TFE_NewContext(options, status);
      status.throwExceptionIfNotOK();
      try {
        return list(context, status);
      } finally {
        tensorflow.TFE_DeleteContext(context);
      }
    } catch (RuntimeException e) {
      throw new IllegalStateException("TensorFlow cannot list its devices: " + e.getMessage(), e);
    } finally {
      tensorflow.TFE_DeleteContextOptions(options);
    }
  }

  private static List<Device> list(TFE_Context context, TF_Status status) {
    TF_DeviceList devices = tensorflow.TFE_ContextListDevices(context, status);
    status.throwExceptionIfNotOK();
    try {
      List<Device> all = new ArrayList<>();
      for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
        String name = tensorflow.TF_DeviceListName(devices, i, status).getString();
        String type = tensorflow.TF_DeviceListType(devices, i, status).getString();
        long memory = tensorflow.TF_DeviceListMemoryBytes(devices, i, status);
        status.throwExceptionIfNotOK();
        all.add(new Device(name.substring(name.indexOf(PREFIX) + PREFIX.length()), type, memory));
      }
      return all;
    } finally {
      tensorflow.TF_DeleteDeviceList(devices);
    }
  }
}
