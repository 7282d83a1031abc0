package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesTest {
  @Test
  void includesTheCpu() {
    List<String> types = Devices.all().stream().map(Devices.Device::type).toList();

    assertThat(types, hasItem("CPU"));
  }

  @Test
  void describesGpusIfThereAreAny() {
    boolean gpu = Devices.all().stream().anyMatch(device -> device.type().equals("GPU"));

    assertThat(Devices.describe().startsWith(gpu ? "GPU:0 (" : "CPU"), is(true));
    assertThat(
        new Devices.Device("GPU:0", "GPU", 80_000_000_000L).describe(), is("GPU:0 (76,293 MiB)"));
  }
}
